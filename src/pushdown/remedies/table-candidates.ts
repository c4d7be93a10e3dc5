import { ident, literal, qualified } from '../../sql/quote.ts';
import type { RelationFacts } from '../facts/relations.ts';
import type { ColumnFacts } from '../oracle/catalog.ts';
import { loadParser } from '../parser.ts';
import type { ColumnChange, TableChange } from '../what-if/change.ts';
import { columnOwner } from './column-owner.ts';
import { foreignTables, reasonsOf } from './candidate.ts';
import type { Candidate, Grounds } from './candidate.ts';
import { takesEnumsAsText } from './enum-as-text.ts';
import type { ColumnWish } from './spec-column.ts';

/** Remedies that change foreign tables or their columns. */
export async function tableCandidates(on: Grounds): Promise<readonly Candidate[]> {
  return [...(await enumsAsText(on)), ...(await domainsAsBase(on)), ...(await collations(on)), ...batches(on), ...ungenerated(on), ...withoutTriggers(on)];
}

interface ChangedColumn {
  readonly table: RelationFacts;
  readonly column: ColumnFacts;
  readonly change: ColumnChange;
  readonly sql: string;
  /** What is to be written of it in the spec. */
  readonly spec: Pick<ColumnWish, 'type' | 'collation'>;
}

function ofColumns(on: Grounds, changed: readonly ChangedColumn[], rest: Pick<Candidate, 'reasons' | 'title' | 'changesMeaning' | 'accepted'>): readonly Candidate[] {
  if (changed.length === 0) return [];
  const owned = changed.map((each) => ({ ...each, owner: columnOwner(on, each.table) }));
  const rewritten = owned.some(({ owner }) => owner.members.some(({ kind }) => kind === 'r'));
  const meaning = [rest.changesMeaning, rewritten ? 'partitions that are here are rewritten for it, and locked meanwhile' : null].filter((each) => each !== null);
  return [
    {
      kind: 'option',
      ...rest,
      changesMeaning: meaning.length === 0 ? null : meaning.join('; '),
      sql: lines(owned.map(({ owner, column, sql }) => `${owner.alter} ALTER COLUMN ${ident(column.name)} ${sql};`)),
      spec: owned.map(({ owner, column, spec }) => ({ path: [...owner.spec, 'columns', column.name], value: { ...spec, notNull: column.notNull } })),
      trial: { change: { tables: columnChanges(owned.flatMap(({ owner, column, change }) => owner.members.map(({ oid }) => ({ oid, name: column.name, change })))) } },
    },
  ];
}

function columnChanges(changed: readonly { readonly oid: number; readonly name: string; readonly change: ColumnChange }[]): ReadonlyMap<number, TableChange> {
  const oids = new Set(changed.map(({ oid }) => oid));
  return new Map([...oids].map((oid) => [oid, { columns: Object.fromEntries(changed.filter((each) => each.oid === oid).map(({ name, change }) => [name, change])) }]));
}

/** Each once: partitions are altered together. */
function lines(all: readonly string[]): string {
  return [...new Set(all)].join('\n');
}

function columnsOfKind(on: Grounds, kind: 'enum' | 'domain'): readonly { readonly table: RelationFacts; readonly column: ColumnFacts }[] {
  const subjects = reasonsOf(on, 'type-not-shippable').map((reason) => reason.subject);
  return foreignTables(on).flatMap((table) =>
    on.columns.filter((column) => column.relation === table.oid && column.type.kind === kind && !column.type.array && subjects.includes(column.type.name)).map((column) => ({ table, column })),
  );
}

/** What one pays for declaring an enum of the remote as text. */
const enumPrice =
  'only = and <> with a literal then work (from PostgreSQL 15 on), as the remote has no operator between its enum and text: IN, LIKE, parameters, joins and assignments are sent and fail when they run, and > and ORDER BY go by the order of the labels there; a view on the remote that casts to text has none of that';

async function enumsAsText(on: Grounds): Promise<readonly Candidate[]> {
  const changed = columnsOfKind(on, 'enum').map((each) => ({ ...each, change: { type: 'text' }, sql: 'TYPE text', spec: { type: 'text' } }));
  const names = [...new Set(changed.map(({ column }) => column.name))].join(', ');
  if (changed.length === 0) return [];
  const [parser, onRemote] = [await loadParser(), new Set(changed.map(({ column }) => column.remoteName))];
  const accepted = (remoteSql: readonly string[]): boolean => takesEnumsAsText(parser, remoteSql, onRemote);
  return ofColumns(on, changed, { reasons: ['type-not-shippable'], title: `declare ${names} as text`, changesMeaning: enumPrice, accepted });
}

async function domainsAsBase(on: Grounds): Promise<readonly Candidate[]> {
  const found = columnsOfKind(on, 'domain');
  if (found.length === 0) return [];
  const rows = await on.prober.read<{ oid: string; base: string; builtin: boolean }>(
    `WITH RECURSIVE base(oid, type, typmod) AS (
       SELECT t.oid, t.typbasetype, t.typtypmod FROM pg_catalog.pg_type t WHERE t.oid = ANY ($1::pg_catalog.oid[])
       UNION ALL SELECT b.oid, t.typbasetype, t.typtypmod FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype = 'd')
     SELECT b.oid::text, pg_catalog.format_type(b.type, b.typmod) AS base, b.type < 10000 AS builtin
     FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'`,
    [found.map(({ column }) => column.type.oid)],
  );
  const bases = new Map(rows.filter((row) => row.builtin).map((row) => [Number(row.oid), row.base]));
  const changed = found.flatMap((each) => {
    const base = bases.get(each.column.type.oid);
    const { collation, collationName: name } = each.column;
    // A collation of the domain's own would be lost with it.
    const own = name === undefined || collation === defaultCollation ? undefined : { name, sql: collationSql(name) };
    return base === undefined ? [] : [{ ...each, change: { type: base, ...(own !== undefined && { collation: own.sql }) }, sql: `TYPE ${base}${own === undefined ? '' : ` COLLATE ${own.sql}`}`, spec: { type: base, ...(own !== undefined && { collation: own.name }) } }];
  });
  const names = [...new Set(changed.map(({ column, change }) => `${column.name} as ${change.type}`))].join(', ');
  return ofColumns(on, changed, { reasons: ['type-not-shippable'], title: `declare ${names}, the type below the domain`, changesMeaning: 'the checks and the default of the domain are then those of the remote alone, for what is written from here too' });
}

/** The collation that a query asks for, or that the other column has, as that of the column. */
async function collations(on: Grounds): Promise<readonly Candidate[]> {
  const subjects = reasonsOf(on, 'collation').map((reason) => reason.subject);
  if (subjects.length === 0) return [];
  const named = await on.prober.read<{ name: string }>('SELECT collname::text AS name FROM pg_catalog.pg_collation WHERE collname = ANY ($1)', [subjects]);
  const collated = on.columns.filter((column) => column.collation !== 0);
  return subjects.flatMap((subject) => {
    // A plain name: of an explicit COLLATE. Columns that differ are listed as `a (default), b (C)`.
    const wanted = collated.some((column) => subject.startsWith(`${column.name} (`)) ? undefined : subject;
    const isMeant = (column: ColumnFacts): boolean => (wanted === undefined ? subject.includes(`${column.name} (${column.collationName ?? ''})`) && column.collation !== defaultCollation : column.collation === defaultCollation && mentions(on, column.name));
    // A constant, or an expression of which the plan does not print the collation.
    if (wanted !== undefined && !named.some(({ name }) => name === wanted)) return [];
    const changed = foreignTables(on).flatMap((table) =>
      collated.filter((column) => column.relation === table.oid && isMeant(column)).map((column) => {
        const name = wanted ?? 'default';
        const collation = collationSql(name);
        return { table, column, change: { type: column.declared, collation }, sql: `TYPE ${column.declared} COLLATE ${collation}`, spec: { type: column.declared, collation: name } };
      }),
    );
    const names = [...new Set(changed.map(({ column }) => column.name))].join(', ');
    return ofColumns(on, changed, { reasons: ['collation'], title: `declare ${names} with the collation ${wanted ?? 'default'}`, changesMeaning: 'right only if the column on the remote has that collation: order and comparisons are then its' });
  });
}

function collationSql(name: string): string {
  return name === 'default' || name === 'C' || name === 'POSIX' ? `pg_catalog.${ident(name)}` : ident(name);
}

/** pg_collation.dat: the database's default collation. */
const defaultCollation = 100;

/** Whether a clause that runs here for its collation speaks of a column. */
function mentions(on: Grounds, name: string): boolean {
  return on.ill.some((clause) => clause.reasons.some((reason) => reason.id === 'collation') && clause.text.includes(name));
}

/** Tables whose rows are inserted one by one. */
function batches(on: Grounds): readonly Candidate[] {
  if (reasonsOf(on, 'unbatched-insert').length === 0) return [];
  const written = on.ill.filter((clause) => clause.kind === 'insert').map((clause) => clause.text);
  return foreignTables(on)
    .filter((table) => written.includes(`${table.schema}.${table.name}`))
    .map((table) => ({
      kind: 'option',
      reasons: ['unbatched-insert'],
      title: `send rows of ${table.schema}.${table.name} in batches`,
      sql: `ALTER FOREIGN TABLE ${qualified(table)} OPTIONS (ADD batch_size ${literal('100')});`,
      spec: [{ path: ['tables', `${table.schema}.${table.name}`, 'options', 'batch_size'], value: '100' }],
      changesMeaning: null,
      trial: { change: { tables: new Map([[table.oid, { options: { batch_size: '100' } }]]) } },
      shows: ({ batched }) => batched,
    }));
}

/** Columns that need not be generated here, as the remote generates its own. */
function ungenerated(on: Grounds): readonly Candidate[] {
  if (reasonsOf(on, 'generated-column').length === 0) return [];
  const generating = foreignTables(on).filter((table) => table.generatedColumns.length > 0).map((table) => ({ table, owner: columnOwner(on, table) }));
  const byOwner = new Map(generating.map((each) => [each.owner.alter, each]));
  return [...byOwner.values()].map(({ table, owner }) => ({
    kind: 'option',
    reasons: ['generated-column'],
    title: `leave the generation of ${table.generatedColumns.join(', ')} to the remote`,
    sql: table.generatedColumns.map((name) => `${owner.alter} ALTER COLUMN ${ident(name)} DROP EXPRESSION;`).join('\n'),
    spec: null,
    changesMeaning: 'the column on the remote must be generated there; an INSERT from here would then have to leave the column out',
    trial: { change: { tables: columnChanges(owner.members.flatMap(({ oid }) => table.generatedColumns.map((name) => ({ oid, name, change: { plain: true } })))) } },
  }));
}

/** Row triggers, which copies do not have. */
function withoutTriggers(on: Grounds): readonly Candidate[] {
  if (reasonsOf(on, 'row-trigger').length === 0) return [];
  return foreignTables(on).filter((table) => table.rowTriggers.length > 0).map((table) => ({
    kind: 'command',
    reasons: ['row-trigger'],
    title: `do without the row trigger ${table.rowTriggers.join(', ')}, or let one on the remote do its work`,
    sql: table.rowTriggers.map((name) => `DROP TRIGGER ${ident(name)} ON ${qualified(table)};`).join('\n'),
    spec: null,
    changesMeaning: 'what the trigger does is then no longer done here',
    trial: { change: { everything: true } },
  }));
}
