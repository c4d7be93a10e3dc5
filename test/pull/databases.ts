import fc from 'fast-check';
import { Secret } from '../../src/base/secret.ts';
import { statementsFor } from '../../src/ddl/statements.ts';
import { diff } from '../../src/diff/diff.ts';
import type { Column } from '../../src/model/column.ts';
import type { DatabaseState } from '../../src/model/objects.ts';
import { compareNames, type Option, type Options } from '../../src/model/option.ts';
import { inOrder } from '../../src/plan/order.ts';
import { ident, literal, qualified } from '../../src/sql/quote.ts';
import { render } from '../../src/sql/statement.ts';
import { empty, prepare, states } from '../catalog/arbitraries.ts';

/** What its secrets hold. */
export const secret = "it's $ecret";

/* What the arbitrary objects of the catalog's test lack: any character, texts that mean something to YAML or to the spec, secrets, defaults, collations. */
const meaningful = ['', '010', '1e3', '5432', 'true', 'null', '~', '<<', '${env:HOME}', '$${', '$$', '# no', 'a: b', '- x', '!t', '&a', '*a', "'", '"', '\u007F\uFFFE', 'a\nb\n', ' \t', '\u0085\u2028', '@x', '%y', '{', '[', '| '];
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(...meaningful)).map((value) => value.replace(/[\0\p{Surrogate}]/gu, ''));
const key = fc.constantFrom('<<', 'null', '010', 'column_name', 'a: b', '\u007F', 'x\ny', '${env:X}', 'true', 'password', 'api_key', 'user');
const more: fc.Arbitrary<Options> = fc.uniqueArray(
  fc.tuple(key, text).map(([name, value]): Option => ({ name, value: name === 'password' || name === 'api_key' ? { kind: 'secret', secret: new Secret(secret) } : { kind: 'text', text: value } })),
  { selector: ({ name }) => name, maxLength: 3 },
);
const extras = fc.record({
  server: more,
  mapping: more.map((options) => options.filter(({ name }) => name === 'user' || name === 'password')),
  table: more,
  column: more,
  type: fc.constantFrom<Pick<Column, 'type' | 'default' | 'collation'>>(
    { type: 'integer', default: '1 + 1', collation: undefined },
    { type: 'text', default: "'${env:HOME}'::text", collation: { schema: 'pg_catalog', name: 'C' } },
    { type: '"char"', default: undefined, collation: undefined },
    { type: 'character(1)', default: undefined, collation: { schema: 'public', name: 'My.Collation' } },
    { type: 'bpchar', default: undefined, collation: undefined },
    { type: 'public."not null"[]', default: "'{}'::public.\"not null\"[]", collation: undefined },
    { type: 'public."a ""b"" null"', default: undefined, collation: undefined },
  ),
  comment: text,
});

function merged(some: Options, others: Options): Options {
  return [...some, ...others.filter(({ name }) => !some.some((option) => option.name === name))].sort((a, b) => compareNames(a.name, b.name));
}

/** Every type is that of a column, or there is none: what no table needs is not pulled. */
function withTypesInUse(state: DatabaseState): DatabaseState {
  const [first] = state.foreignTables.filter(({ columns }) => columns.length > 0);
  if (first === undefined) return { ...state, types: [] };
  const taken = new Set(first.columns.map(({ name }) => name));
  const [enumType] = state.types;
  const label = enumType?.kind === 'enum' ? enumType.labels[0] : undefined;
  const more = state.types.map((type, index): Column => ({
    name: taken.has(`of ${type.kind}`) ? `of "${type.kind}"` : `of ${type.kind}`,
    type: `${qualified(type)}${index % 2 === 1 ? '[]' : ''}`,
    notNull: false,
    collation: undefined,
    default: index === 0 && label !== undefined ? `${literal(label)}::${qualified(type)}` : undefined,
    generated: undefined,
    options: [],
  }));
  return { ...state, foreignTables: state.foreignTables.map((table) => (table === first ? { ...table, columns: [...table.columns, ...more] } : table)) };
}

/**
 * The databases of `states`, with what means something to YAML or to a spec.
 * @param roles that exist
 */
export const databases = (roles: readonly string[], major: number): fc.Arbitrary<DatabaseState> => fc.tuple(states(roles, major).map(withTypesInUse), extras).map(([made, extra]): DatabaseState => ({
  ...made,
  servers: made.servers.map((server) => ({ ...server, options: merged(server.options, extra.server) })),
  userMappings: made.userMappings.map((mapping) => ({ ...mapping, options: extra.mapping })),
  foreignTables: made.foreignTables.map((table) => ({
    ...table,
    comment: extra.comment,
    options: merged(table.options, extra.table),
    columns: table.columns.map((column, index) =>
      index > 0 || column.generated !== undefined || column.identity !== undefined ? column : { ...column, ...extra.type, storage: undefined, options: merged(column.options, extra.column) },
    ),
  })),
}));

/** SQL for what the objects of `databases` stand on. */
export const foundation = (roles: readonly string[]): string => `
  ${prepare};
  CREATE COLLATION "My.Collation" FROM "C";
  CREATE TYPE "not null" AS ENUM ('a'); CREATE DOMAIN "a ""b"" null" AS text COLLATE "C";
  ${roles.map((role) => `CREATE ROLE ${ident(role)}`).join('; ')}`;

/** SQL that makes the objects of a state. */
export function creation(wanted: DatabaseState): string {
  const changes = inOrder(diff(wanted, { ...empty, otherRelations: [], versionNum: 18_00_00 }, () => new Secret('')).changes);
  return ['BEGIN', ...changes.flatMap((change) => statementsFor(change).map((statement) => render(statement, () => literal(secret)))), 'COMMIT'].join(';\n');
}

/** SQL that takes them away. */
export function removal({ wrappers, servers, schemas }: DatabaseState): string {
  return ['ROLLBACK', ...servers.map(({ name }) => `DROP SERVER IF EXISTS ${ident(name)} CASCADE`), ...schemas.map(({ name }) => `DROP SCHEMA IF EXISTS ${ident(name)} CASCADE`), ...wrappers.filter(({ definition }) => definition !== undefined).map(({ name }) => `DROP FOREIGN DATA WRAPPER IF EXISTS ${ident(name)}`)].join('; ');
}
