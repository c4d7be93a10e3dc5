import fc from 'fast-check';
import type { Check } from '../../src/model/check.ts';
import type { Column } from '../../src/model/column.ts';
import type { ForeignTable } from '../../src/model/objects.ts';
import { afterCreate, checkSql, columnSql, dotted, optionsSql, quoted, text } from './plain-sql.ts';

/*
 * Tables of the database itself that foreign tables are part of, and these, as SQL: by INHERITS with and without the columns
 * spelled out, by ALTER … INHERIT, as PARTITION OF and by ATTACH.
 */

/** Local tables, which a spec has no words for, and the foreign tables that are part of them. */
export interface Family {
  /** Makes the parents: in every database that shall have the foreign tables. */
  readonly parents: readonly string[];
  /** Makes the foreign tables. */
  readonly heirs: readonly string[];
  readonly count: number;
  /** Whether an heir has something from its parents alone: fdw makes it the heir's own as well. */
  readonly bare: boolean;
}

/** Where the parents are. */
export const parentSchema = 'the "par.ents"';

const plain = (name: string, type: string, rest: Partial<Column> = {}): Column => ({ name, type, notNull: false, collation: undefined, default: undefined, generated: undefined, options: [], ...rest });
const id = plain('the id', 'bigint', { notNull: true, default: '7' });
const key = plain('a "key"', 'text', { collation: { schema: 'pg_catalog', name: 'C' } });
const pool = (major: number): readonly Column[] => [
  plain('list', 'character varying(20)[]', { default: "'{}'::character varying[]", statistics: 9 }),
  plain('$1', 'numeric(12,2)', { storage: { mode: 'external', isDefault: false } }),
  plain('twice', 'bigint', { generated: { expression: '("the id" * 2)', kind: 'stored' } }),
  ...(major < 18 ? [] : [plain('virtually', 'bigint', { generated: { expression: '("the id" * 3)', kind: 'virtual' } })]),
  plain('select', 'integer', { notNull: true, identity: 'by default' }),
];
const checkPool = (major: number): readonly Check[] => [
  { name: 'a "check"', expression: '("the id" > 0)', noInherit: false, notValid: false, notEnforced: false },
  { name: 'of -- parents', expression: `("a ""key""" <> 'it''s'::text)`, noInherit: false, notValid: false, notEnforced: false },
  { name: 'for itself', expression: '("the id" < 1000)', noInherit: true, notValid: false, notEnforced: false },
  { name: 'later', expression: '("the id" <> 5)', noInherit: false, notValid: true, notEnforced: false },
  ...(major < 18 ? [] : [{ name: 'told', expression: '("the id" <> 6)', noInherit: false, notValid: false, notEnforced: true }]),
];

/** What an heir or a partition may have beside its parents' part. */
const ownPart = (options: fc.Arbitrary<ForeignTable['options']>, roles: readonly string[]) =>
  fc.record({
    options,
    columnOptions: options,
    owner: fc.constantFrom('postgres', ...roles),
    comment: fc.option(fc.constantFrom("it's", '${env:HOME}', ''), { nil: undefined }),
    statistics: fc.option(fc.constantFrom(0, 100), { nil: undefined }),
    nDistinct: fc.option(fc.constantFrom(-0.5, 12), { nil: undefined }),
    mode: fc.option(fc.constantFrom('main', 'external', 'plain'), { nil: undefined }),
    grantee: fc.constantFrom({ kind: 'public' } as const, ...roles.map((name) => ({ kind: 'role', name }) as const)),
    granted: fc.boolean(),
    check: fc.boolean(),
  });
type OwnPart = ReturnType<typeof ownPart> extends fc.Arbitrary<infer Value> ? Value : never;

/** The statements that give a table what is its own; `first` is the column that gets it. */
function ownStatements(table: ForeignTable, first: Column, own: OwnPart, checkOn = first.name): readonly string[] {
  const name = dotted(table);
  const { owner, comment, statistics, nDistinct, mode, grantee, granted } = own;
  return [
    ...(own.columnOptions.length === 0 ? [] : [`ALTER FOREIGN TABLE ${name} ALTER ${quoted(first.name)}${optionsSql(own.columnOptions)}`]),
    ...(own.check ? [`ALTER FOREIGN TABLE ${name} ADD ${checkSql({ name: 'its "own"', expression: `(${quoted(checkOn)} IS NOT NULL)`, noInherit: false, notValid: false, notEnforced: false })}`] : []),
    ...afterCreate({
      ...table,
      owner,
      comment,
      columns: [{ ...first, statistics, nDistinct, comment, storage: mode === undefined || first.type !== 'text' ? undefined : { mode: mode as 'main', isDefault: false } }],
      // What an owner is granted on columns it has anyway.
      ...(granted && !(grantee.kind === 'role' && grantee.name === owner) ? { grants: [{ privilege: 'SELECT', roles: [grantee] }], columnGrants: [{ privilege: 'UPDATE', holders: [{ role: grantee, columns: [first.name] }] }] } : {}),
    }),
  ];
}

interface Relation {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly checks: readonly Check[];
}

/** Each a fair part of the pool, so that two of them have columns and checks in common. */
const parentTable = (major: number, name: string): fc.Arbitrary<Relation> =>
  fc.record({ more: fc.subarray([...pool(major)]), checks: fc.subarray([...checkPool(major)]), first: fc.boolean() }).map(({ more, checks, first }) => ({ name, columns: first ? [id, key, ...more] : [...more.filter(({ generated }) => generated === undefined), key, id, ...more.filter(({ generated }) => generated !== undefined)], checks }));

function parentSql({ name, columns, checks }: Relation, tail = ''): readonly string[] {
  const table = { schema: parentSchema, name };
  // Only after the CREATE is a check not valid.
  return [`CREATE TABLE ${dotted(table)} (${columns.map(columnSql).join(', ')})${tail}`, ...checks.map((check) => `ALTER TABLE ${dotted(table)} ADD ${checkSql(check)}`), ...columns.flatMap(({ name: column, statistics, storage }) => [
    ...(statistics === undefined ? [] : [`ALTER TABLE ${dotted(table)} ALTER ${quoted(column)} SET STATISTICS ${statistics}`]),
    ...(storage === undefined ? [] : [`ALTER TABLE ${dotted(table)} ALTER ${quoted(column)} SET STORAGE ${storage.mode}`]),
  ])];
}

const empty = (schema: string, name: string, server: string): ForeignTable => ({ kind: 'foreign-table', schema, name, server, options: [], columns: [] });
const ways = fc.constantFrom('bare', 'listed', 'altered');
type Way = typeof ways extends fc.Arbitrary<infer Value> ? Value : never;

/** One column a name; where two parents have it, one that is not null makes it so. */
const distinct = <T extends { readonly name: string }>(all: readonly T[]): readonly T[] => [...new Map(all.map((each) => [each.name, each])).values()];

/** A table that inherits; `to` are its parents as SQL names them. */
function heirSql(table: ForeignTable, parents: readonly { readonly sql: string; readonly columns: readonly Column[]; readonly checks: readonly Check[] }[], way: Way, own: OwnPart): readonly string[] {
  // A virtual column has no statistics (18).
  const first = parents.flatMap(({ columns }) => columns).find(({ generated }) => generated?.kind !== 'virtual') ?? id;
  // An heir has no identity of its parents' (14 to 18).
  const inherited = distinct(parents.flatMap((parent) => parent.columns)).map((column) => ({ ...column, identity: undefined, options: [] }));
  const columns = inherited.map(columnSql);
  // INHERITS brings what a generated column is made of, and takes no word for it before 16.
  const merging = inherited.map((column) => columnSql({ ...column, generated: undefined }));
  const checks = distinct(parents.flatMap((parent) => parent.checks)).filter(({ noInherit }) => !noInherit);
  const extra = columnSql(plain('its "own"', 'text', { default: "'x'::text", options: own.columnOptions }));
  const tail = ` SERVER ${quoted(table.server)}${optionsSql(own.options)}`;
  const head = `CREATE FOREIGN TABLE ${dotted(table)}`;
  const from = parents.map(({ sql }) => sql);
  const made: Record<Way, readonly string[]> = {
    bare: [`${head} (${extra}) INHERITS (${from.join(', ')})${tail}`],
    listed: [`${head} (${[extra, ...merging, ...checks.map((check) => checkSql({ ...check, notValid: false }))].join(', ')}) INHERITS (${from.join(', ')})${tail}`],
    altered: [`${head} (${[extra, ...columns].join(', ')})${tail}`, ...checks.map((check) => `ALTER FOREIGN TABLE ${dotted(table)} ADD ${checkSql({ ...check, notValid: false })}`), ...from.map((parent) => `ALTER FOREIGN TABLE ${dotted(table)} INHERIT ${parent}`)],
  };
  return [...made[way], ...ownStatements(table, first, own, 'its "own"')];
}

/* Bounds of a key, the first of them for a partition that is a table of the database itself. */
const places = fc.oneof(
  fc.subarray([1, 2, 3], { minLength: 1 }).map((remainders) => ({ by: 'HASH ("the id", "a ""key""")', bounds: [0, ...remainders].map((remainder) => `FOR VALUES WITH (MODULUS 4, REMAINDER ${remainder})`) })),
  fc.uniqueArray(fc.constantFrom('a', "it's", 'null', 'MINVALUE', '', '007', 'c, d)', '${env:HOME}'), { minLength: 1, maxLength: 3 }).chain((values) =>
    fc.boolean().map((rest) => ({ by: 'LIST ("a ""key""")', bounds: ['FOR VALUES IN (NULL)', ...values.map((value) => `FOR VALUES IN (${text(value)})`), ...(rest ? ['DEFAULT'] : [])] })),
  ),
  fc.subarray(["(3, 'x')", '(3, MAXVALUE)', "(10, 'it''s, ) TO (')", "(11, '${env:HOME}')"], { minLength: 1 }).chain((ends) =>
    fc.boolean().map((rest) => ({
      by: 'RANGE ("the id", lower("a ""key"""))',
      bounds: ['FOR VALUES FROM (MINVALUE, MINVALUE) TO (0, MINVALUE)', ...ends.map((end, index) => `FOR VALUES FROM ${ends[index - 1] ?? '(0, MINVALUE)'} TO ${end}`), ...(rest ? ['DEFAULT'] : ['FOR VALUES FROM (100, MINVALUE) TO (MAXVALUE, MAXVALUE)'])],
    })),
  ),
);

/**
 * Families beside foreign tables that are there.
 * @param schema where the foreign tables are to be
 * @param servers that there are
 * @param existing foreign tables that may be parents too
 */
export function families(roles: readonly string[], major: number, options: fc.Arbitrary<ForeignTable['options']>, { schema, servers, existing }: { readonly schema: string; readonly servers: readonly string[]; readonly existing: readonly ForeignTable[] }): fc.Arbitrary<Family> {
  const server = fc.constantFrom(...servers);
  const above = existing.filter(({ columns, partitionOf }) => columns.length > 0 && partitionOf === undefined);
  const heir = fc.record({ server, own: ownPart(options, roles), way: ways, from: fc.subarray(['one', 'two: "2"'], { minLength: 1 }), turned: fc.boolean() });
  return fc
    .record({
      one: parentTable(major, 'one'),
      two: parentTable(major, 'two: "2"'),
      heirs: fc.array(heir, { maxLength: 2 }),
      child: fc.option(fc.record({ server, own: ownPart(options, roles), way: ways, of: fc.nat(10) }), { nil: undefined }),
      whole: parentTable(major, 'a whole'),
      places: fc.option(places, { nil: undefined }),
      nested: fc.boolean(),
      attached: fc.boolean(),
      parts: fc.array(fc.record({ server, own: ownPart(options, roles) }), { minLength: 6, maxLength: 6 }),
    })
    .map(({ one, two, heirs, child, whole, places: place, nested, attached, parts }): Family => {
      const parents = new Map([one, two].map((each) => [each.name, { sql: dotted({ schema: parentSchema, name: each.name }), ...each }]));
      const byHeirs = heirs.flatMap(({ server: on, own, way, from, turned }, index) => {
        const names = turned ? [...from].reverse() : from;
        return heirSql(empty(schema, `heir "${index}`, on), names.flatMap((name) => parents.get(name) ?? []), way, own);
      });
      const parent = child && above[child.of % above.length];
      const byChild = child === undefined || parent === undefined ? [] : heirSql(empty(schema, 'a child', child.server), [{ sql: dotted(parent), columns: parent.columns, checks: parent.checks ?? [] }], child.way, child.own);
      // A partitioned table has no identity column up to 16, and no checks of its own alone.
      const relation: Relation = { ...whole, columns: whole.columns.filter(({ identity }) => identity === undefined || major >= 17), checks: whole.checks.filter(({ noInherit }) => !noInherit) };
      const [firstBound = '', ...bounds] = place?.bounds ?? [];
      const name = dotted({ schema: parentSchema, name: relation.name });
      const partitioned = place === undefined ? [] : [
        ...(nested
          ? [...parentSql({ ...relation, name: 'root' }, ' PARTITION BY HASH ("the id")'), `CREATE TABLE ${name} PARTITION OF ${dotted({ schema: parentSchema, name: 'root' })} FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY ${place.by}`]
          : parentSql(relation, ` PARTITION BY ${place.by}`)),
        `CREATE TABLE ${dotted({ schema: parentSchema, name: 'stays' })} PARTITION OF ${name} ${firstBound}`,
      ];
      const byPlace = bounds.flatMap((bound, index) => {
        const part = parts[index % parts.length];
        if (part === undefined || place === undefined) return [];
        const table = empty(schema, `part {${index}}`, part.server);
        const tail = ` SERVER ${quoted(part.server)}${optionsSql(part.own.options)}`;
        const listed = [...relation.columns].reverse().map((column) => columnSql({ ...column, identity: undefined }));
        const made = attached
          ? [`CREATE FOREIGN TABLE ${dotted(table)} (${listed.join(', ')})${tail}`, ...relation.checks.map((check) => `ALTER FOREIGN TABLE ${dotted(table)} ADD ${checkSql({ ...check, notValid: false })}`), `ALTER TABLE ${name} ATTACH PARTITION ${dotted(table)} ${bound}`]
          : [`CREATE FOREIGN TABLE ${dotted(table)} PARTITION OF ${name} ${bound}${tail}`];
        return [...made, ...ownStatements(table, key, part.own)];
      });
      return {
        parents: [`CREATE SCHEMA ${quoted(parentSchema)}`, ...parentSql(one), ...parentSql(two), ...partitioned],
        heirs: [...byHeirs, ...byChild, ...byPlace],
        count: heirs.length + (byChild.length > 0 ? 1 : 0) + (place === undefined ? 0 : bounds.length),
        bare: [...heirs.map(({ way }) => way), ...(byChild.length > 0 && child !== undefined ? [child.way] : [])].includes('bare'),
      };
    });
}
