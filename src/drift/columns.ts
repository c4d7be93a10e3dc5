import { alterForeignTable } from '../ddl/foreign-table.ts';
import type { ColumnChange } from '../model/change.ts';
import type { DriftClass, DriftFinding } from '../model/drift.ts';
import type { DriftId } from '../model/drift-rules.ts';
import type { LocalColumn, LocalTable } from '../model/local-table.ts';
import { nameKey } from '../model/name.ts';
import type { Column } from '../model/column.ts';
import { textOptions } from '../model/option.ts';
import type { StandingColumn, StandingRelation } from '../model/standing.ts';
import { qualified } from '../sql/quote.ts';
import { render } from '../sql/statement.ts';
import { sortsBy } from './collations.ts';
import type { DriftContext } from './context.ts';
import { renamedColumns } from './renames.ts';
import { type BothTypes, compareTypes, typeName, type TypePair } from './types.ts';

/** What is found of one table's columns, and the types whose definitions have still to be compared. */
export interface ColumnFindings {
  readonly findings: readonly DriftFinding[];
  readonly pairs: readonly TypePair[];
}

/** Compares the columns of a foreign table with those of the relation behind it. */
export function compareColumns(table: LocalTable, relation: StandingRelation, context: DriftContext): ColumnFindings {
  const types: BothTypes = { local: context.local.types, remote: context.remote.types, categories: context.local.categories };
  const there = new Map(relation.columns.map((column) => [column.name, column]));
  const renamed = renamedColumns(table, relation, types);
  const pairs: TypePair[] = [];
  const findings = table.columns.flatMap((column): readonly DriftFinding[] => {
    const remote = there.get(column.remoteName);
    if (remote === undefined) return [goneColumn(table, column, renamed.get(column.name))];
    const compared = compareTypes(column.type, remote.type, types);
    pairs.push(...compared.pairs);
    return [
      ...(compared.difference === undefined ? [] : [typeFinding(table, column, remote, compared.difference, context)]),
      ...notNullFindings(table, column, remote, relation),
      ...(compared.difference === undefined ? collationFindings(table, column, remote, context) : []),
      ...generatedFindings(table, column, remote),
    ];
  });
  const taken = new Set([...renamed.values()].map(({ name }) => name));
  return { findings: [...findings, ...newColumns(table, relation, taken, context)], pairs };
}

/** A finding on one column. */
function onColumn(table: LocalTable, subject: string, id: DriftId, of: DriftClass, message: string, mend: readonly string[] = [], guess = false): DriftFinding {
  return { id, class: of, server: table.server, tables: [{ schema: table.schema, name: table.name }], subject, message, guess, mend };
}

function goneColumn(table: LocalTable, column: LocalColumn, renamed: StandingColumn | undefined): DriftFinding {
  if (renamed === undefined) {
    return onColumn(table, column.name, 'column-gone', 'breaks-now', `the remote has no column ${column.remoteName} any more: queries that read it fail`, alter(table, { kind: 'drop-column', name: column.name }));
  }
  const option = { name: 'column_name', value: { kind: 'text' as const, text: renamed.name } };
  const change: ColumnChange = {
    kind: 'set-options',
    name: column.name,
    options: [column.renamed ? { verb: 'set', option, before: { kind: 'text', text: column.remoteName } } : { verb: 'add', option }],
  };
  return onColumn(table, column.name, 'column-renamed', 'breaks-now', `the remote has no column ${column.remoteName} any more, maybe renamed to ${renamed.name}: queries that read it fail`, alter(table, change), true);
}

function typeFinding(table: LocalTable, column: LocalColumn, remote: StandingColumn, difference: { readonly class: DriftClass; readonly why: string }, context: DriftContext): DriftFinding {
  const text = context.typeText(remote.type);
  const mend = text === undefined ? [] : alter(table, { kind: 'set-type', before: asColumn(column, column.type.text), after: asColumn(column, text) });
  return onColumn(table, column.name, 'type-differs', difference.class, `it is ${column.type.text} here and ${text ?? typeName(remote.type)} on the remote: ${difference.why}`, mend);
}

/** Of views and the like the catalogs tell no NOT NULL, so none is missed there. */
const keepsNotNull: ReadonlySet<StandingRelation['kind']> = new Set(['table', 'partitioned table', 'partition']);

function notNullFindings(table: LocalTable, column: LocalColumn, remote: StandingColumn, relation: StandingRelation): readonly DriftFinding[] {
  if (!keepsNotNull.has(relation.kind) || column.notNull === remote.notNull) return [];
  const change: ColumnChange = { kind: 'set-not-null', name: column.name, notNull: remote.notNull };
  return column.notNull
    ? [onColumn(table, column.name, 'not-null-broken', 'wrong-results', 'it is NOT NULL here, and may be NULL on the remote: the planner believes what is said here', alter(table, change))]
    : [onColumn(table, column.name, 'not-null-missing', 'invisible', 'it is NOT NULL on the remote, which the planner here does not know', alter(table, change))];
}

function collationFindings(table: LocalTable, column: LocalColumn, remote: StandingColumn, context: DriftContext): readonly DriftFinding[] {
  if (column.collation === undefined || remote.collation === undefined) return [];
  const bothDefault = [column.collation, remote.collation].every((collation) => nameKey(collation) === defaultCollation);
  const [here, there] = [sortsBy(column.collation, context.local.collation), sortsBy(remote.collation, context.remote.collation)];
  // Where both leave it to their databases, that is one finding for the server.
  if (bothDefault || here === there) return [];
  const mine = there === sortsBy({ schema: 'pg_catalog', name: 'default' }, context.local.collation) ? undefined : remote.collation;
  const known = mine === undefined || context.collations.has(nameKey(mine));
  const mend = known ? alter(table, { kind: 'set-type', before: asColumn(column, column.type.text), after: { ...asColumn(column, column.type.text), collation: mine } }) : [];
  return [onColumn(table, column.name, 'collation-differs', 'wrong-results', `its collation is ${qualified(column.collation)} here and ${qualified(remote.collation)} on the remote: they may sort and compare differently`, mend)];
}

const defaultCollation = nameKey({ schema: 'pg_catalog', name: 'default' });

function generatedFindings(table: LocalTable, column: LocalColumn, remote: StandingColumn): readonly DriftFinding[] {
  if (column.generated === (remote.computed !== undefined)) return [];
  if (column.generated) {
    return [onColumn(table, column.name, 'generated-here', 'wrong-results', 'it is computed here and not on the remote: a write stores the default of the remote instead of a value', alter(table, { kind: 'drop-expression', name: column.name }))];
  }
  return [onColumn(table, column.name, 'generated-there', 'will-break', 'it is computed on the remote, which refuses a write that gives it a value')];
}

/** Columns after the last that the table has: those before it were left out by whoever made it. */
function newColumns(table: LocalTable, relation: StandingRelation, taken: ReadonlySet<string>, context: DriftContext): readonly DriftFinding[] {
  const mapped = new Set(table.columns.map(({ remoteName }) => remoteName));
  const last = Math.max(0, ...relation.columns.filter(({ name }) => mapped.has(name) || taken.has(name)).map(({ position }) => position));
  const names = new Set(table.columns.map(({ name }) => name));
  return relation.columns
    .filter(({ name, position }) => table.columns.length > 0 && position > last && !mapped.has(name))
    .map((column) => {
      const text = context.typeText(column.type);
      const added: Column | undefined = text === undefined || names.has(column.name) ? undefined : {
        name: column.name, type: text, notNull: column.notNull, collation: named(column, context), default: undefined, generated: undefined,
        options: textOptions([['column_name', column.name]]),
      };
      return onColumn(table, column.name, 'column-new', 'invisible', `the remote has a column ${column.name} of type ${text ?? typeName(column.type)} besides`, added === undefined ? [] : alter(table, { kind: 'add-column', column: added }));
    });
}

function named({ collation }: StandingColumn, context: DriftContext): Column['collation'] {
  return collation !== undefined && nameKey(collation) !== defaultCollation && context.collations.has(nameKey(collation)) ? collation : undefined;
}

/** A local column as far as a change of its type says it. */
function asColumn(column: LocalColumn, type: string): Column {
  const collation = column.collation !== undefined && nameKey(column.collation) !== defaultCollation ? column.collation : undefined;
  return { name: column.name, type, notNull: column.notNull, collation, default: undefined, generated: undefined, options: [] };
}

/** No more than its options can be changed of a column that a parent table decides about, and none can be added to a partition. */
function alter(table: LocalTable, change: ColumnChange): readonly string[] {
  const name = change.kind === 'add-column' ? undefined : change.kind === 'set-type' ? change.after.name : change.name;
  const inherited = name === undefined ? table.bounds !== undefined : table.columns.some((column) => column.name === name && column.inherited);
  if (inherited && change.kind !== 'set-options') return [];
  return alterForeignTable(table, { columns: [change] }).map((each) => render(each, () => ''));
}
