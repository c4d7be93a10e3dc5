import fc from 'fast-check';
import type { Facets } from '../../src/model/facets.ts';
import type { DatabaseState, ForeignTable, Server, Wrapper, WrapperFunction } from '../../src/model/objects.ts';
import { type Options, textOptions } from '../../src/model/option.ts';
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

const types = ['integer', 'text', 'numeric(12,2)', 'timestamp(3) with time zone', 'character varying(20)[]', 'interval day to second(2)'];
const column = fc.record({
  name,
  type: fc.constantFrom(...types),
  notNull: fc.boolean(),
  collation: fc.constant(undefined),
  default: fc.constant(undefined),
  generated: fc.constant(undefined),
  options,
});
const bareTable: fc.Arbitrary<Omit<ForeignTable, 'schema' | 'server'>> = fc.record({
  kind: fc.constant('foreign-table' as const),
  name,
  options,
  columns: fc.uniqueArray(column, { selector: (each) => each.name, maxLength: 5 }).map((columns) => columns.filter(({ name: own }) => !systemColumns.has(own))),
});
const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/* Texts as every major prints them. */
const checkTexts = ["(VALUE <> 'x'::text)", "(length(VALUE) < 9)", "(VALUE ~~ '%;--%'::text)", '(VALUE IS NOT NULL)'];
const collation = fc.option(fc.constant({ schema: 'pg_catalog', name: 'C' }), { nil: undefined });
const attribute = fc.oneof(
  fc.record({ name, type: fc.constantFrom(...types), collation: fc.constant(undefined) }),
  fc.record({ name, type: fc.constant('text'), collation }),
);
type Unplaced<T extends UserType> = Omit<T, 'schema'>;
const enumType: fc.Arbitrary<Unplaced<EnumType>> = fc.record({
  kind: fc.constant('enum' as const),
  name: fc.constant('an "enum"'),
  labels: fc.uniqueArray(text.filter((label) => Buffer.byteLength(label) <= 63), { maxLength: 4 }),
});
const domain: fc.Arbitrary<Unplaced<DomainType>> = fc.record({
  kind: fc.constant('domain' as const),
  name: fc.constant('a "domain"'),
  base: fc.constant('text'),
  collation,
  notNull: fc.boolean(),
  default: fc.option(fc.constantFrom("'it''s'::text", "('a'::text || 'b'::text)"), { nil: undefined }),
  checks: fc.uniqueArray(fc.record({ name, expression: fc.constantFrom(...checkTexts) }), { selector: (check) => check.name, maxLength: 3 }),
});
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
  })
  .map(({ opclass, collation: own, multirange }) => (schema) => ({
    kind: 'range', schema, name: 'a "range"', subtype: 'text', opclass, collation: own, canonical: undefined, subdiff: undefined, multirange: { schema, name: multirange },
  }));
const userTypes: fc.Arbitrary<(schema: string) => readonly UserType[]> = fc
  .tuple(enumType, domain, composite, range)
  .map(([...unplaced]) => (schema) => unplaced.map((type) => (typeof type === 'function' ? type(schema) : { ...type, schema })));

/**
 * A schema with foreign tables on a few servers of the wrapper `anything`, which has no validator; hostile names and values.
 * Runs where `prepare` has been.
 * @param roles that exist: owners beside postgres, and grantees
 */
export function states(roles: readonly string[]): fc.Arbitrary<DatabaseState> {
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
  const wrapper = fc
    .tuple(withFacets(fc.record({
      kind: fc.constant('wrapper' as const),
      name: name.filter((value) => value !== 'anything' && value !== 'file_fdw'),
      definition: fc.record({ handler: fc.constantFrom<WrapperFunction>('none', handler), validator: fc.constantFrom<WrapperFunction>('none', validator), options }),
    }), 'USAGE'), fc.constantFrom('postgres', undefined))
    // Only a superuser may own one.
    .map(([each, owner]): Wrapper => ({ ...each, owner }));
  const granted = fc.record({ kind: fc.constant('wrapper' as const), name: fc.constant('file_fdw'), definition: fc.constant(undefined), grants: grants('USAGE') });
  const table = withFacets(bareTable, 'SELECT', 'INSERT', 'TRUNCATE');
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
      types: userTypes,
    })
    .map(({ wrappers, servers, schema, tables, types: typesIn }) => ({
      ...empty,
      wrappers,
      servers,
      schemas: [schema],
      types: typesIn(schema.name),
      userMappings: servers.map((server: Server) => ({ kind: 'user-mapping', server: server.name, role: { kind: 'public' }, options: [] })),
      foreignTables: tables.map((each, index) => ({ ...each, schema: schema.name, server: servers[index % servers.length]?.name ?? '' })),
    }));
}
