import fc from 'fast-check';
import { Secret } from '../../src/base/secret.ts';
import type { Check } from '../../src/model/check.ts';
import { type Column, identities } from '../../src/model/column.ts';
import type { DatabaseState, ForeignTable } from '../../src/model/objects.ts';
import { compareNames, type Option, type Options } from '../../src/model/option.ts';
import { ident, literal, qualified } from '../../src/sql/quote.ts';
import type { UserType } from '../../src/model/user-types.ts';
import { prepare, states } from '../catalog/arbitraries.ts';
import { dropExtensions, extensions, type Extensions } from './extensions.ts';
import { families, type Family, parentSchema } from './parents.ts';
import { sharedRole } from '../servers/shared-role.ts';
import { leftovers, type Leftovers } from './leftovers.ts';
import { plainSql, quoted } from './plain-sql.ts';

/* What the arbitrary objects of the catalog's test lack: any character, texts that mean something to YAML or to the spec, secrets, defaults, collations. */
const meaningful = ['', '010', '1e3', '5432', 'true', 'null', '~', '<<', '${env:HOME}', '$${', '$$', '# no', 'a: b', '- x', '!t', '&a', '*a', "'", '"', '\u007F\uFFFE', 'a\nb\n', ' \t', '\u0085\u2028', '@x', '%y', '{', '[', '| '];
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(...meaningful)).map((value) => value.replace(/[\0\p{Surrogate}]/gu, ''));
const key = fc.constantFrom('<<', 'null', '010', 'column_name', 'a: b', '\u007F', 'x\ny', '${env:X}', 'true', 'password', 'api_key', 'user');
/** What all secrets of a database hold. */
const secrets = fc.constantFrom("it's $ecret", '$ecret\\b\n\tc\r\n.', '${env:HOME}$ecret', "%s %L \\' $$ $ecret", ' = $ecret ', '$ecret\u2028é', '# "x" $ecret');
const optionsWith = (secret: string): fc.Arbitrary<Options> => fc.uniqueArray(
  fc.tuple(key, text).map(([name, value]): Option => ({ name, value: name === 'password' || name === 'api_key' ? { kind: 'secret', secret: new Secret(secret) } : { kind: 'text', text: value } })),
  { selector: ({ name }) => name, maxLength: 3 },
);
const extrasWith = (more: fc.Arbitrary<Options>, secret: string) => fc.record({
  server: more,
  // Of a wrapper that fdw does not know, everything but the user is a secret.
  mapping: more.map((options) => options.map((option): Option => (option.name === 'user' ? option : { ...option, value: { kind: 'secret', secret: new Secret(secret) } }))),
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

const boundValue = fc.constantFrom('a', "it's", 'null', 'MINVALUE', '', '007', ' b', 'c, d)', '${env:HOME}', '~');
const hashes = fc.constantFrom(['(modulus 1, remainder 0)'], ['(modulus 2, remainder 0)', '(modulus 2, remainder 1)'], ['(modulus 4, remainder 1)', '(modulus 2, remainder 0)'], ['(modulus 3, remainder 0)', '(modulus 3, remainder 1)', '(modulus 3, remainder 2)']);
const lists = fc.uniqueArray(boundValue, { minLength: 1, maxLength: 4 }).map((values) => [...values.map((value) => `FOR VALUES IN (${literal(value)})`), 'DEFAULT']);
const ranges = fc.uniqueArray(fc.constantFrom('-3', '0', '7', '10'), { minLength: 1, maxLength: 3 }).map((given) => {
  const ends = [...given].sort((a, b) => Number(a) - Number(b));
  return ['MINVALUE', ...ends].map((from, index) => `FOR VALUES FROM (${from}, MINVALUE) TO (${ends[index] ?? 'MAXVALUE'}, MINVALUE)`).map((bound) => bound.replace('MAXVALUE, MINVALUE', 'MAXVALUE, MAXVALUE'));
});
/* Keys of other types: what the server prints of a bound is not what was written. */
const typedBounds = fc.constantFrom(
  ['timestamp with time zone', '-infinity', '2024-02-01 00:00:00.5+05:45', '2024-03-05', 'infinity'], ['numeric(12,2)', '-1.5', '1', '20e1'], ['date', '2024-02-01 BC', '2024-02-01', '2024-03-05'],
  ['double precision', '-Infinity', '0.12345678901234568', '1e300', 'NaN'], ['boolean', 'f', 't'], ['bytea', '\\x00', '\\x5c27'], ['uuid', '00000000-0000-0000-0000-000000000001', 'A0000000-0000-0000-0000-000000000000'], ['character(3)', 'a', 'b '], ['interval', '-1 day', '30 days', '1 year 2 mons'],
);
const typed = fc.record({ of: typedBounds, list: fc.boolean(), rest: fc.boolean() }).map(({ of: [type = '', ...values], list, rest }) => {
  const bounds = list
    ? ['FOR VALUES IN (NULL)', ...values.map((value) => `FOR VALUES IN (${literal(value)})`)]
    : values.flatMap((value, index) => (index === 0 ? [] : [`FOR VALUES FROM (${literal(values[index - 1] ?? '')}) TO (${literal(value)})`]));
  return { type, key: list ? 'LIST (typed)' : 'RANGE (typed)', bounds: rest || bounds.length === 0 ? [...bounds, 'DEFAULT'] : bounds };
});
const sharding: fc.Arbitrary<{ readonly type?: string; readonly key: string; readonly bounds: readonly string[] }> = fc.oneof(
  typed,
  hashes.map((bounds) => ({ key: 'HASH ("a key", "b.key")', bounds: bounds.map((bound) => `FOR VALUES WITH ${bound}`) })),
  lists.map((bounds) => ({ key: 'LIST ("a key")', bounds })),
  ranges.map((bounds) => ({ key: 'RANGE ("b.key", lower("a key"))', bounds })),
);
const sharded = (roles: readonly string[], major: number, more: fc.Arbitrary<Options>) =>
  fc.option(
    fc.record({
      sharding,
      names: fc.constantFrom('events_', 'the "part".'),
      alike: fc.boolean(),
      owner: fc.constantFrom('postgres', ...roles),
      comment: text,
      tableOptions: more,
      columnOptions: more,
      statistics: fc.option(fc.constantFrom(0, 100), { nil: undefined }),
      nDistinct: fc.option(fc.constantFrom(-1, 5), { nil: undefined }),
      mode: fc.option(fc.constantFrom('plain', 'main'), { nil: undefined }),
      generated: fc.constantFrom(undefined, 'stored' as const, ...(major < 18 ? [] : ['virtual' as const])),
      // A partitioned table has it from 17 on.
      identity: fc.constantFrom(undefined, ...(major < 17 ? [] : identities)),
      // Of the partition that is not alike.
      own: fc.record({
        mode: fc.option(fc.constantFrom('plain', 'external', 'extended'), { nil: undefined }),
        checks: fc.subarray([...partitionChecks]),
        columnGrants: fc.uniqueArray(fc.constantFrom('SELECT', 'INSERT', 'UPDATE'), { maxLength: 2 }),
      }),
    }),
    { nil: undefined },
  );
const partitionChecks: readonly Check[] = [
  { name: 'a "check"', expression: '("b.key" > 0)', noInherit: false, notValid: false, notEnforced: false },
  { name: '${env:X}', expression: `("a key" <> 'it''s'::text)`, noInherit: false, notValid: true, notEnforced: false },
];

type Made<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

/** A partitioned table over the servers; where its partitions are not alike, the last has all that a partition can have of its own. */
function withSharded(state: DatabaseState, made: Made<ReturnType<typeof sharded>>, role: string): DatabaseState {
  const [schema] = state.schemas;
  if (made === undefined || schema === undefined) return state;
  const bare = (name: string, type: string, rest: Partial<Column> = {}): Column => ({ name, type, notNull: false, collation: undefined, default: undefined, generated: undefined, options: [], ...rest });
  const storage = (mode: 'plain' | 'main' | 'external' | 'extended' | undefined): Column['storage'] => mode && { mode, isDefault: mode === 'extended' };
  const columns = [
    bare('a key', 'text', { default: "'x'::text", comment: made.comment, collation: { schema: 'pg_catalog', name: 'C' } }),
    bare('b.key', 'integer', { notNull: true }),
    ...(made.sharding.type === undefined ? [] : [bare('typed', made.sharding.type)]),
    bare('more', 'text', { statistics: made.statistics, nDistinct: made.nDistinct, storage: storage(made.mode) }),
    ...(made.generated === undefined ? [] : [bare('gene.rated', 'bigint', { generated: { expression: '("b.key" * 2)', kind: made.generated } })]),
    ...(made.identity === undefined ? [] : [bare('ident', 'bigint', { notNull: true, identity: made.identity })]),
  ];
  const parent = { schema: schema.name, name: 'sharded: "yes"' };
  const grants = [{ privilege: 'SELECT', roles: [{ kind: 'role' as const, name: role }] }];
  const partitions = made.sharding.bounds.map((bound, index): ForeignTable => {
    const strange = !made.alike && index === made.sharding.bounds.length - 1;
    return {
      kind: 'foreign-table',
      schema: schema.name,
      name: `${made.names}${index}`,
      server: state.servers[index % state.servers.length]?.name ?? '',
      owner: made.owner,
      options: made.alike ? [{ name: 'table_name', value: { kind: 'text', text: `events of ${index}` } }] : made.tableOptions,
      columns: columns.map(({ statistics: _, comment: __, nDistinct: ___, storage: ____, ...column }) => (strange && column.name === 'more' ? { ...column, options: made.columnOptions, statistics: 7, nDistinct: -0.5, storage: storage(made.own.mode), comment: made.comment } : column)),
      ...(strange ? { comment: made.comment, grants, checks: made.own.checks, columnGrants: made.owner === role ? [] : made.own.columnGrants.map((privilege) => ({ privilege, holders: [{ role: { kind: 'role' as const, name: role }, columns: ['more', 'a key'] }] })) } : {}),
      partitionOf: { parent, bound },
    };
  });
  return {
    ...state,
    partitionedTables: [{ kind: 'partitioned-table', ...parent, key: made.sharding.key, columns, owner: made.owner, comment: made.comment, grants }],
    foreignTables: [...state.foreignTables, ...partitions],
  };
}

/** Types made of all the others, which hold them up where no column does. */
function nested(types: readonly UserType[]): readonly UserType[] {
  const [{ schema } = { schema: '' }] = types;
  const outer: UserType = {
    kind: 'composite',
    schema,
    name: 'out.er',
    attributes: types.flatMap((type) => [
      { name: `"${type.kind}"`, type: `${qualified(type)}${type.kind === 'enum' ? '[]' : ''}`, collation: undefined },
      ...(type.kind === 'range' && type.multirange !== undefined ? [{ name: 'ranges', type: qualified(type.multirange), collation: undefined }] : []),
    ]),
  };
  const over: UserType = { kind: 'domain', schema, name: 'over all', base: `${qualified(outer)}[]`, collation: undefined, notNull: false, default: undefined, checks: [{ name: 'few', expression: '(cardinality(VALUE) < 9)' }] };
  const facets = { canonical: undefined, opclass: undefined, collation: undefined, subdiff: undefined };
  const [ofEnum] = types;
  const spans: readonly UserType[] = ofEnum?.kind !== 'enum' ? [] : [
    { kind: 'range', schema, name: 'from: to', subtype: qualified(ofEnum), ...facets, multirange: { schema, name: 'from: to, many' } },
    { kind: 'domain', schema, name: 'one of', base: qualified(ofEnum), collation: undefined, notNull: false, default: undefined, checks: [] },
  ];
  const twice: UserType = { kind: 'domain', schema, name: 'again', base: qualified(over), collation: undefined, notNull: true, default: undefined, checks: [{ name: 'none', expression: '(VALUE IS NOT NULL)' }] };
  const last: UserType = { kind: 'composite', schema, name: 'all of "them"', attributes: [...spans, twice].map((type) => ({ name: type.name, type: qualified(type), collation: undefined })) };
  return [outer, over, ...spans, twice, last];
}

/** Every type is that of a column or part of one that is, or there is none: what no table needs is not pulled. */
function withTypesInUse([made, how]: readonly [DatabaseState, 'direct' | 'nested' | 'both']): DatabaseState {
  const [first] = made.foreignTables.filter(({ columns }) => columns.length > 0);
  if (first === undefined) return { ...made, types: [] };
  const outer = how === 'direct' ? [] : nested(made.types);
  const state = { ...made, types: [...made.types, ...outer] };
  const taken = new Set(first.columns.map(({ name }) => name));
  const [enumType] = state.types;
  const label = enumType?.kind === 'enum' ? enumType.labels[0] : undefined;
  const inColumns = how === 'nested' ? outer.slice(-1) : state.types;
  const more = inColumns.map((type, index): Column => ({
    name: taken.has(`of ${type.kind} ${index}`) ? `of "${type.kind}" ${index}` : `of ${type.kind} ${index}`,
    type: `${qualified(type)}${index % 2 === 1 ? '[]' : ''}`,
    notNull: false,
    collation: undefined,
    default: type === enumType && label !== undefined ? `${literal(label)}::${qualified(type)}` : undefined,
    generated: undefined,
    options: [],
  }));
  return { ...state, foreignTables: state.foreignTables.map((table) => (table === first ? { ...table, columns: [...table.columns, ...more] } : table)) };
}

/** Objects of a database, and tables of its own that foreign tables are part of. */
export interface World {
  readonly state: DatabaseState;
  readonly family: Family;
  readonly extensions: Extensions;
  readonly leftovers: Leftovers;
  /** What all its secrets hold. */
  readonly secret: string;
  /** ALTER DEFAULT PRIVILEGES, and its undoing: what is made between the two has grants that nobody wrote down. */
  readonly defaults: readonly (readonly [before: string, after: string])[];
}

/**
 * The databases of `states`, with what means something to YAML or to a spec, with parents, and with extensions.
 * @param roles that exist
 */
export const databases = (roles: readonly string[], major: number): fc.Arbitrary<World> =>
  secrets.chain((secret) => {
    const more = optionsWith(secret);
    const made = fc.tuple(states(roles, major), fc.constantFrom('direct', 'nested', 'both')).map(withTypesInUse);
    return fc.tuple(made, extrasWith(more, secret), sharded(roles, major, more), fc.boolean()).chain(([plain, extra, over, onOwn]) => {
      const state = withSharded(onOwnWrapper(withExtras(plain, extra), onOwn), over, roles[0] ?? '');
      const place = { schema: state.schemas[0]?.name ?? '', servers: state.servers.map(({ name }) => name), existing: state.foreignTables };
      return fc.record({
        state: fc.constant(state),
        family: families(roles, major, more, place),
        extensions: extensions(roles, place.schema),
        leftovers: leftovers(roles, major, place),
        secret: fc.constant(secret),
        defaults: fc.subarray(defaultPrivileges(roles[1] ?? '')),
      });
    });
  });

const defaultPrivileges = (role: string): (readonly [string, string])[] => [
  ['REVOKE USAGE ON TYPES FROM PUBLIC', 'GRANT USAGE ON TYPES TO PUBLIC'],
  [`GRANT SELECT, DELETE ON TABLES TO ${quoted(role)}, PUBLIC`, `REVOKE SELECT, DELETE ON TABLES FROM ${quoted(role)}, PUBLIC`],
  [`GRANT USAGE ON SCHEMAS TO ${quoted(role)}`, `REVOKE USAGE ON SCHEMAS FROM ${quoted(role)}`],
  [`GRANT USAGE ON TYPES TO ${quoted(role)}`, `REVOKE USAGE ON TYPES FROM ${quoted(role)}`],
];

/** The last of several servers on a wrapper of the user's own, where there is one. */
function onOwnWrapper(state: DatabaseState, wanted: boolean): DatabaseState {
  const own = state.wrappers.find(({ definition }) => definition !== undefined);
  if (!wanted || own === undefined) return state;
  return { ...state, servers: state.servers.map((server, index) => (index > 0 && index === state.servers.length - 1 ? { ...server, wrapper: own.name } : server)) };
}

const withExtras = (made: DatabaseState, extra: Made<ReturnType<typeof extrasWith>>): DatabaseState => ({
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
});

/** SQL for what the objects of `databases` stand on. */
export const foundation = (roles: readonly string[]): string => `
  ${prepare};
  CREATE COLLATION "My.Collation" FROM "C";
  CREATE TYPE "not null" AS ENUM ('a'); CREATE DOMAIN "a ""b"" null" AS text COLLATE "C";
  ${roles.map(sharedRole).join('; ')}`;

/** SQL that makes all of it. */
export const creation = ({ state, family, extensions: { statements }, leftovers: left, defaults }: World): string =>
  inOne([...family.parents, ...alterDefaults(defaults.map(([before]) => before)), ...plainSql(state), ...family.heirs, ...left.statements, ...alterDefaults(defaults.map(([, after]) => after)), ...statements]);

const alterDefaults = (actions: readonly string[]): readonly string[] => actions.map((action) => `ALTER DEFAULT PRIVILEGES ${action}`);

/** SQL that makes what no spec has words for: it must be there before. */
export const parentsOf = ({ family }: World): string => inOne(family.parents);

const inOne = (statements: readonly string[]): string => ['BEGIN', ...statements, 'COMMIT'].join(';\n');

/** SQL that takes it away. */
export function removal({ state: { wrappers, servers, schemas } }: World): string {
  return [
    'ROLLBACK',
    dropExtensions,
    ...servers.map(({ name }) => `DROP SERVER IF EXISTS ${ident(name)} CASCADE`),
    ...[parentSchema, ...schemas.map(({ name }) => name)].map((name) => `DROP SCHEMA IF EXISTS ${ident(name)} CASCADE`),
    ...wrappers.filter(({ definition }) => definition !== undefined).map(({ name }) => `DROP FOREIGN DATA WRAPPER IF EXISTS ${ident(name)}`),
  ].join('; ');
}
