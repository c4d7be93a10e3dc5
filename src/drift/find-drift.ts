import { groupBy } from '../base/group.ts';
import { alterForeignTable } from '../ddl/foreign-table.ts';
import type { OptionChange } from '../model/change.ts';
import { databaseKey } from '../model/database-collation.ts';
import { driftClasses, type DriftFinding } from '../model/drift.ts';
import { compareQualified, nameKey, type QualifiedName } from '../model/name.ts';
import type { LocalTable } from '../model/local-table.ts';
import { compareNames } from '../model/option.ts';
import { readableKinds, type StandingRelation } from '../model/standing.ts';
import { qualified } from '../sql/quote.ts';
import { render } from '../sql/statement.ts';
import { checkFindings } from './checks.ts';
import { compareColumns } from './columns.ts';
import type { DriftContext } from './context.ts';
import { compareDefinitions } from './definitions.ts';
import { renamedRelation } from './renames.ts';
import type { TypePair } from './types.ts';

/** What of one server's foreign tables differs from what stands behind them. */
export function findDrift(context: DriftContext): readonly DriftFinding[] {
  const pairs: { readonly pair: TypePair; readonly table: LocalTable }[] = [];
  const findings = context.local.tables.flatMap((table): readonly DriftFinding[] => {
    const relation = context.remote.relations.get(nameKey(table.remote));
    if (relation === undefined || !readableKinds.has(relation.kind)) return [missing(table, relation, context)];
    const columns = compareColumns(table, relation, context);
    pairs.push(...columns.pairs.map((pair) => ({ pair, table })));
    return [...deniedFindings(table, context), ...columns.findings, ...checkFindings(table, relation)];
  });
  return [...databaseFindings(context), ...typeFindings(pairs, context), ...findings].sort(compareFindings);
}

/** By server and table; within a table the worst first. */
export function compareFindings(a: DriftFinding, b: DriftFinding): number {
  const [first, second] = [a.tables[0], b.tables[0]];
  const byTable = first === undefined || second === undefined ? Number(first !== undefined) - Number(second !== undefined) : compareQualified(first, second);
  return compareNames(a.server, b.server) || byTable || driftClasses.indexOf(a.class) - driftClasses.indexOf(b.class)
    || compareNames(a.subject ?? '', b.subject ?? '') || compareNames(a.id, b.id) || compareNames(a.message, b.message);
}

function missing(table: LocalTable, relation: StandingRelation | undefined, context: DriftContext): DriftFinding {
  const base = { class: 'breaks-now', server: table.server, tables: [nameOf(table)], subject: undefined } as const;
  if (relation !== undefined) {
    return { ...base, id: 'relation-kind', message: `${qualified(table.remote)} is no table or view on the remote but ${article(relation.kind)}: queries fail, or mean something else`, guess: false, mend: [] };
  }
  const types = { local: context.local.types, remote: context.remote.types, categories: context.local.categories };
  const renamed = renamedRelation(table, context.remote.strays, types);
  const what = context.remote.schemas.has(table.remote.schema) ? `relation ${qualified(table.remote)}` : `schema ${table.remote.schema}, so no ${qualified(table.remote)}`;
  const maybe = renamed === undefined ? '' : `, maybe renamed to ${qualified(renamed)}`;
  return { ...base, id: 'relation-gone', message: `the remote has no ${what}${maybe}: queries fail`, guess: renamed !== undefined, mend: renamed === undefined ? [] : repoint(table, renamed) };
}

function article(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** The options that lead to another relation. What is not set goes by the foreign table's own name. */
function repoint(table: LocalTable, to: QualifiedName): readonly string[] {
  const change = (name: string, before: string, after: string, present: boolean): readonly OptionChange[] => {
    if (before === after) return [];
    const option = { name, value: { kind: 'text' as const, text: after } };
    return [present ? { verb: 'set', option, before: { kind: 'text', text: before } } : { verb: 'add', option }];
  };
  const options = [
    ...change('schema_name', table.remote.schema, to.schema, table.options.schema),
    ...change('table_name', table.remote.name, to.name, table.options.table),
  ];
  return alterForeignTable(table, { options }).map((statement) => render(statement, () => ''));
}

function deniedFindings(table: LocalTable, { remote }: DriftContext): readonly DriftFinding[] {
  const refusal = remote.denied.get(nameKey(table.remote));
  if (refusal === undefined) return [];
  return [{
    id: 'no-privilege', class: 'breaks-now', server: table.server, tables: [nameOf(table)], subject: undefined,
    message: `role ${remote.role} of the remote may not read ${qualified(table.remote)} (${refusal})`, guess: false, mend: [],
  }];
}

/** One finding for a type, with all tables that have it. */
function typeFindings(pairs: readonly { readonly pair: TypePair; readonly table: LocalTable }[], context: DriftContext): readonly DriftFinding[] {
  const types = { local: context.local.types, remote: context.remote.types, categories: context.local.categories };
  const groups = groupBy(pairs, ({ pair }) => `${nameKey(pair.local)}\0${nameKey(pair.remote)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { pair } = first;
    const tables = [...new Map(group.map(({ table }) => [nameKey(table), nameOf(table)])).values()].sort(compareQualified);
    const there = nameKey(pair.local) === nameKey(pair.remote) ? '' : ` (${qualified(pair.remote)} on the remote)`;
    return compareDefinitions(pair, types).map((found): DriftFinding => ({
      ...found, server: context.server, tables, subject: qualified(pair.local), message: `type ${qualified(pair.local)}${there}: ${found.message}`,
    }));
  });
}

/** Said once for the server: it concerns every text column that neither side gives a collation. */
function databaseFindings({ server, local, remote }: DriftContext): readonly DriftFinding[] {
  if (databaseKey(local.collation) === databaseKey(remote.collation)) return [];
  const concerned = local.tables.filter((table) => {
    const columns = new Map(remote.relations.get(nameKey(table.remote))?.columns.map((column) => [column.name, column]));
    return table.columns.some(({ collation, remoteName }) => isDefault(collation) && isDefault(columns.get(remoteName)?.collation));
  });
  if (concerned.length === 0) return [];
  const named = ({ provider, locale }: typeof local.collation): string => `${locale} (${provider})`;
  return [{
    id: 'database-collation', class: 'wrong-results', server, tables: [], subject: undefined, guess: false, mend: [],
    message: `the local database sorts text by ${named(local.collation)}, the remote by ${named(remote.collation)}: ${concerned.length} of its foreign tables have columns that leave it to the database`,
  }];
}

function isDefault(collation: QualifiedName | undefined): boolean {
  return collation?.schema === 'pg_catalog' && collation.name === 'default';
}

function nameOf({ schema, name }: LocalTable): QualifiedName {
  return { schema, name };
}
