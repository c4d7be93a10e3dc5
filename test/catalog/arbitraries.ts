import fc from 'fast-check';
import { identities, storageModes, type Column } from '../../src/model/column.ts';
import type { Check } from '../../src/model/check.ts';
import type { ColumnGrant } from '../../src/model/column-grant.ts';
import type { Facets } from '../../src/model/facets.ts';
import type { DatabaseState, ForeignTable, Server, Wrapper, WrapperFunction } from '../../src/model/objects.ts';
import { compareNames, type Options, textOptions } from '../../src/model/option.ts';
import type { CompositeType, DomainType, EnumType, RangeType, UserType } from '../../src/model/user-types.ts';
import { roleKey } from '../../src/model/role.ts';

/** A state without anything. */
export const empty: DatabaseState = { extensions: [], wrappers: [], servers: [], userMappings: [], schemas: [], types: [], foreignTables: [] };

/** SQL for what the objects of `states` stand on. */
export const prepare = `
  CREATE EXTENSION file_fdw;
  CREATE FOREIGN DATA WRAPPER anything;
  CREATE FUNCTION "a ""validator"" of.mine"(text[], oid) RETURNS boolean LANGUAGE sql AS 'SELECT true'`;
const handler = { schema: 'public', name: 'file_fdw_handler' };
const validator = { schema: 'public', name: 'a "validator" of.mine' };

/* Any text but NUL and lone surrogates, which PostgreSQL cannot store; names of at most 63 bytes. */
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));
const name = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.constantFrom('select', 'Mixed', 'a.b', 'a"b', "a'b", '%I', ':x', '__proto__', '$1', 'é', '-- x', 'user'))
  .map((value) => value.replaceAll('\0', ''))
  .filter((value) => value !== '' && Buffer.byteLength(value) <= 63 && !value.startsWith('pg_'));
/* The wrapper of these tests has no validator: any option name goes, but for `=` (refused since mid-2025). */
const options: fc.Arbitrary<Options> = fc
  .uniqueArray(fc.tuple(name.filter((value) => !/[=]|passw|secret|token|key|pwd|cred/i.test(value)), text), { selector: ([key]) => key, maxLength: 4 })
  .map(textOptions);

const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);
/* Each type with the storage that it has of itself, and a default in the server's words. */
const types = [
  { type: 'integer', storage: 'plain', fallback: '42' },
  { type: 'text', storage: 'extended', fallback: "'it''s'::text" },
  { type: 'numeric(12,2)', storage: 'main', fallback: '1.50' },
  { type: 'timestamp(3) with time zone', storage: 'plain', fallback: undefined },
  { type: 'character varying(20)[]', storage: 'extended', fallback: "'{}'::character varying[]" },
  { type: 'interval day to second(2)', storage: 'plain', fallback: undefined },
  { type: 'interval year to month', storage: 'plain', fallback: undefined },
  { type: 'bit varying(7)', storage: 'extended', fallback: undefined },
  { type: 'character(3)', storage: 'extended', fallback: "'a'::bpchar" },
  { type: 'name', storage: 'plain', fallback: undefined },
  { type: 'time(0) without time zone', storage: 'plain', fallback: undefined },
  { type: 'numeric(12,2)[]', storage: 'extended', fallback: undefined },
  { type: 'jsonb', storage: 'extended', fallback: `'{"a": 1}'::jsonb` },
  { type: 'inet', storage: 'main', fallback: undefined },
  { type: 'int4range', storage: 'extended', fallback: "'empty'::int4range" },
  { type: 'double precision', storage: 'plain', fallback: "'-Infinity'::double precision" },
  { type: 'date', storage: 'plain', fallback: "'2024-02-01'::date" },
  { type: 'boolean', storage: 'plain', fallback: 'true' },
] as const;
/* Collations that are not the type's own. */
const collations: Partial<Record<(typeof types)[number]['type'], readonly string[]>> = { text: ['C', 'POSIX'], 'character(3)': ['C'], 'character varying(20)[]': ['POSIX'], name: ['default', 'POSIX'] };
const named = (own: string, type: string, rest: Partial<Column> = {}): Column => ({ name: own, type, notNull: false, collation: undefined, default: undefined, generated: undefined, options: [], ...rest });
const distinct = fc.option(fc.constantFrom(0, -1, -0.25, 1, 1000), { nil: undefined });
const column: fc.Arbitrary<Column> = fc
  .record({
    name: name.filter((value) => !systemColumns.has(value)),
    of: fc.constantFrom(...types),
    notNull: fc.boolean(),
    has: fc.constantFrom('nothing', 'default', 'identity'),
    identity: fc.constantFrom(...identities),
    collated: fc.option(fc.nat(1), { nil: undefined }),
    options,
    statistics: fc.option(fc.constantFrom(-1, 0, 1, 10_000), { nil: undefined }),
    nDistinct: distinct,
    nDistinctInherited: distinct,
    mode: fc.option(fc.constantFrom(...storageModes), { nil: undefined }),
    comment: fc.option(text, { nil: undefined }),
  })
  .map(({ of, has, identity, collated, mode, notNull, ...rest }): Column => {
    const own = has === 'identity' && of.type === 'integer' ? identity : undefined;
    const others = collations[of.type] ?? [];
    const collationName = collated === undefined ? undefined : others[collated % others.length];
    return {
      ...rest,
      type: of.type,
      notNull: notNull || own !== undefined,
      collation: collationName === undefined ? undefined : { schema: 'pg_catalog', name: collationName },
      default: has === 'default' ? of.fallback : undefined,
      generated: undefined,
      identity: own,
      // Types of fixed length can only be plain.
      storage: mode === undefined ? undefined : { mode: of.storage === 'plain' ? of.storage : mode, isDefault: of.storage === 'plain' || of.storage === mode },
    };
  });
/* A generated column, and the one that it is made of. */
const generated = (major: number): fc.Arbitrary<readonly Column[]> =>
  fc.record({ factor: fc.constantFrom(2, 3), type: fc.constantFrom('integer', 'bigint'), kind: fc.constantFrom(...(major < 18 ? (['stored'] as const) : (['stored', 'virtual'] as const))), plain: fc.boolean() }).map(({ factor, type, kind, plain }) => [
    named('Gene "rated"', 'bigint', plain ? {} : { generated: { expression: `("Ba ""se" * ${factor})`, kind }, comment: 'kept' }),
    named('Ba "se', type),
  ]);
const checkName = name.map((value) => `check ${value}`).filter((value) => Buffer.byteLength(value) <= 63);
/* In the server's words; on the column that a generated one is made of, where there is one. */
const checks = (major: number, columns: readonly Column[]): fc.Arbitrary<readonly Check[]> =>
  fc.uniqueArray(
    fc.record({
      name: checkName,
      expression: fc.constantFrom('true', "('it''s;--'::text <> 'x'::text)", ...(columns.some(({ name: own }) => own === 'Ba "se') ? ['("Ba ""se" > 0)', '("Ba ""se" IS NOT NULL)'] : [])),
      noInherit: fc.boolean(),
      said: fc.constantFrom('valid', 'not valid', ...(major < 18 ? [] : ['not enforced'])),
    }).map(({ said, ...check }) => ({ ...check, notValid: said === 'not valid', notEnforced: said === 'not enforced' })),
    { selector: (check) => check.name, maxLength: 3 },
  ).map((all) => [...all].sort((a, b) => compareNames(a.name, b.name)));
const bareTable = (major: number): fc.Arbitrary<Omit<ForeignTable, 'schema' | 'server'>> =>
  fc.record({
    kind: fc.constant('foreign-table' as const),
    name,
    options,
    columns: fc
      .tuple(fc.uniqueArray(column, { selector: (each) => each.name, maxLength: 5 }), fc.option(generated(major), { nil: [] }))
      .map(([columns, more]) => [...columns.filter(({ name: own }) => !more.some((each) => each.name === own)), ...more]),
  });

/* Texts as every major prints them. */
const checkTexts = ["(VALUE <> 'x'::text)", "(length(VALUE) < 9)", "(VALUE ~~ '%;--%'::text)", '(VALUE IS NOT NULL)'];
const collation = fc.option(fc.constant({ schema: 'pg_catalog', name: 'C' }), { nil: undefined });
const attribute = fc.oneof(
  fc.record({ name, type: fc.constantFrom(...types.map(({ type }) => type)), collation: fc.constant(undefined) }),
  fc.record({ name, type: fc.constant('text'), collation }),
);
type Unplaced<T extends UserType> = Omit<T, 'schema' | keyof Facets>;
const enumType: fc.Arbitrary<Unplaced<EnumType>> = fc.record({
  kind: fc.constant('enum' as const),
  name: fc.constant('an "enum"'),
  labels: fc.uniqueArray(text.filter((label) => Buffer.byteLength(label) <= 63), { maxLength: 4 }),
});
const modifiedDomain: fc.Arbitrary<Unplaced<DomainType>> = fc.record({
  kind: fc.constant('domain' as const),
  name: fc.constant('a "domain"'),
  base: fc.constantFrom('timestamp(3) with time zone', 'interval day to second(2)', 'numeric(12,2)[]'),
  collation: fc.constant(undefined),
  notNull: fc.boolean(),
  default: fc.constant(undefined),
  checks: fc.subarray([{ name: 'there', expression: '(VALUE IS NOT NULL)' }]),
});
const textDomain: fc.Arbitrary<Unplaced<DomainType>> = fc.record({
  kind: fc.constant('domain' as const),
  name: fc.constant('a "domain"'),
  base: fc.constant('text'),
  collation,
  notNull: fc.boolean(),
  default: fc.option(fc.constantFrom("'it''s'::text", "('a'::text || 'b'::text)"), { nil: undefined }),
  checks: fc.uniqueArray(fc.record({ name, expression: fc.constantFrom(...checkTexts) }), { selector: (check) => check.name, maxLength: 3 }),
});
const domain = fc.oneof(textDomain, modifiedDomain);
const composite: fc.Arbitrary<Unplaced<CompositeType>> = fc.record({
  kind: fc.constant('composite' as const),
  name: fc.constant('a "composite"'),
  attributes: fc.uniqueArray(attribute, { selector: (each) => each.name, maxLength: 5 }),
});
const range: fc.Arbitrary<(schema: string) => RangeType> = fc
  .record({
    opclass: fc.option(fc.constant({ schema: 'pg_catalog', name: 'text_pattern_ops' }), { nil: undefined }),
    collation,
    multirange: name.filter((each) => Buffer.byteLength(each) <= 55).map((each) => `ranges ${each}`),
    ofNumbers: fc.boolean(),
    subdiff: fc.option(fc.constant({ schema: 'pg_catalog', name: 'float8mi' }), { nil: undefined }),
  })
  .map(({ opclass, collation: own, multirange, ofNumbers, subdiff }) => (schema) => {
    const subtype = ofNumbers ? { subtype: 'double precision', opclass: undefined, collation: undefined, subdiff } : { subtype: 'text', opclass, collation: own, subdiff: undefined };
    return { kind: 'range', schema, name: 'a "range"', canonical: undefined, multirange: { schema, name: multirange }, ...subtype };
  });
const userTypes: fc.Arbitrary<(schema: string) => readonly UserType[]> = fc
  .tuple(enumType, domain, composite, range)
  .map(([...unplaced]) => (schema) => unplaced.map((type) => (typeof type === 'function' ? type(schema) : { ...type, schema })));

/**
 * A schema with foreign tables on a few servers of the wrapper `anything`, which has no validator; hostile names and values.
 * Runs where `prepare` has been.
 * @param roles that exist: owners beside postgres, and grantees
 * @param major of the server: what it knows
 */
export function states(roles: readonly string[], major: number): fc.Arbitrary<DatabaseState> {
  const anyRole = fc.oneof(fc.constant({ kind: 'public' } as const), fc.constantFrom(...roles).map((own) => ({ kind: 'role', name: own }) as const));
  const grants = (...privileges: readonly string[]): fc.Arbitrary<Facets['grants']> =>
    fc.option(
      fc.uniqueArray(fc.record({ privilege: fc.constantFrom(...privileges), roles: fc.uniqueArray(anyRole, { selector: roleKey }) }), { selector: ({ privilege }) => privilege }),
      { nil: undefined },
    );
  const facetsWith = (...privileges: readonly string[]): fc.Arbitrary<Facets> =>
    fc.record({
      owner: fc.option(fc.constantFrom('postgres', ...roles), { nil: undefined }),
      comment: fc.option(text, { nil: undefined }),
      grants: grants(...privileges),
    });
  const withFacets = <T extends object>(object: fc.Arbitrary<T>, ...privileges: readonly string[]): fc.Arbitrary<T & Facets> =>
    fc.tuple(object, facetsWith(...privileges)).map(([each, facets]) => ({ ...each, ...facets }));
  const typesWithFacets = fc.tuple(userTypes, fc.array(facetsWith('USAGE'), { minLength: 4, maxLength: 4 })).map(([typesIn, facets]) => (schema: string): readonly UserType[] => typesIn(schema).map((type, index) => ({ ...type, ...facets[index] })));
  const mappedRoles = fc.subarray([{ kind: 'public' } as const, ...roles.map((own) => ({ kind: 'role', name: own }) as const)]);
  const wrapper = fc
    .tuple(withFacets(fc.record({
      kind: fc.constant('wrapper' as const),
      name: name.filter((value) => value !== 'anything' && value !== 'file_fdw'),
      definition: fc.record({ handler: fc.constantFrom<WrapperFunction>('none', handler), validator: fc.constantFrom<WrapperFunction>('none', validator), options }),
    }), 'USAGE'), fc.constantFrom('postgres', undefined))
    // Only a superuser may own one.
    .map(([each, owner]): Wrapper => ({ ...each, owner }));
  const granted = fc.record({ kind: fc.constant('wrapper' as const), name: fc.constant('file_fdw'), definition: fc.constant(undefined), grants: grants('USAGE') });
  const grantsOn = (columns: readonly Column[]): fc.Arbitrary<readonly ColumnGrant[]> => {
    const some = fc.subarray(columns.map((each) => each.name), { minLength: Math.min(1, columns.length) });
    const holders = fc.uniqueArray(fc.record({ role: anyRole, columns: some }), { selector: ({ role }) => roleKey(role), maxLength: 2 });
    const held = fc.uniqueArray(fc.record({ privilege: fc.constantFrom('SELECT', 'UPDATE'), holders }), { selector: ({ privilege }) => privilege });
    return columns.length === 0 ? fc.constant([]) : held;
  };
  const table = withFacets(bareTable(major), 'SELECT', 'INSERT', 'TRUNCATE').chain((each) =>
    fc.record({ columnGrants: fc.option(grantsOn(each.columns), { nil: undefined }), checks: fc.option(checks(major, each.columns), { nil: undefined }) }).map((more) => ({ ...each, ...more })),
  );
  return fc
    .record({
      wrappers: fc.tuple(fc.uniqueArray(wrapper, { selector: (each) => each.name, maxLength: 2 }), granted).map(([own, another]): readonly Wrapper[] => [...own, another]),
      servers: fc.uniqueArray(
        withFacets(fc.record({
          kind: fc.constant('server' as const),
          name,
          wrapper: fc.constant('anything'),
          type: fc.option(text, { nil: undefined }),
          version: fc.option(text, { nil: undefined }),
          options,
        }), 'USAGE'),
        { selector: (each) => each.name, minLength: 1, maxLength: 3 },
      ),
      schema: withFacets(fc.record({ kind: fc.constant('schema' as const), name: name.filter((value) => value !== 'public' && value !== 'information_schema') }), 'USAGE', 'CREATE'),
      tables: fc.uniqueArray(table, { selector: (each) => each.name, maxLength: 3 }),
      types: typesWithFacets,
      mapped: fc.array(mappedRoles, { minLength: 3, maxLength: 3 }),
    })
    .map(({ wrappers, servers, schema, tables, types: typesIn, mapped }) => ({
      ...empty,
      wrappers,
      servers,
      schemas: [schema],
      types: typesIn(schema.name),
      userMappings: servers.flatMap((server: Server, index) => (mapped[index] ?? []).map((role) => ({ kind: 'user-mapping', server: server.name, role, options: [] }))),
      foreignTables: tables.map((each, index) => ({ ...each, schema: schema.name, server: servers[index % servers.length]?.name ?? '' })),
    }));
}
