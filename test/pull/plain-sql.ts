import type { Check } from '../../src/model/check.ts';
import type { Column } from '../../src/model/column.ts';
import type { Facets } from '../../src/model/facets.ts';
import type { DatabaseState, ForeignTable, Wrapper, WrapperFunction } from '../../src/model/objects.ts';
import type { Options } from '../../src/model/option.ts';
import type { PartitionedTable } from '../../src/model/partitioned-table.ts';
import type { MappingRole } from '../../src/model/role.ts';
import type { UserType } from '../../src/model/user-types.ts';

/*
 * Objects as plain SQL, written as by hand: it shares the nouns with fdw and no code that makes SQL, so that what
 * src/ddl leaves out is there all the same.
 */

/** An identifier, always in quotes. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const dotted = ({ schema, name }: { readonly schema: string; readonly name: string }): string => `${quoted(schema)}.${quoted(name)}`;
/** A text; E'…' reads backslashes alike whatever the settings are. */
export const text = (value: string): string => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** ` OPTIONS (…)`, or nothing. */
export function optionsSql(options: Options): string {
  return options.length === 0 ? '' : ` OPTIONS (${optionList(options)})`;
}

function optionList(options: Options): string {
  return options.map(({ name, value }) => `${quoted(name)} ${text(value.kind === 'text' ? value.text : value.kind === 'secret' ? value.secret.reveal() : '')}`).join(', ');
}

const grantee = (role: MappingRole): string => (role.kind === 'public' ? 'PUBLIC' : quoted(role.name));

function facetsSql(noun: string, grantNoun: string, name: string, { owner, comment, grants = [] }: Facets): readonly string[] {
  return [
    ...grants.flatMap(({ privilege, roles }) => (roles.length === 0 ? [] : [`GRANT ${privilege} ON ${grantNoun} ${name} TO ${roles.map(grantee).join(', ')}`])),
    ...(comment === undefined ? [] : [`COMMENT ON ${noun} ${name} IS ${text(comment)}`]),
    ...(owner === undefined ? [] : [`ALTER ${noun} ${name} OWNER TO ${quoted(owner)}`]),
  ];
}

const functionSql = (word: string, named: WrapperFunction | undefined): string => (named === undefined || named === 'none' ? '' : ` ${word} ${dotted(named)}`);

function wrapperSql(wrapper: Wrapper): readonly string[] {
  const { name, definition } = wrapper;
  const made = definition === undefined ? [] : [`CREATE FOREIGN DATA WRAPPER ${quoted(name)}${functionSql('HANDLER', definition.handler)}${functionSql('VALIDATOR', definition.validator)}${optionsSql(definition.options)}`];
  return [...made, ...facetsSql('FOREIGN DATA WRAPPER', 'FOREIGN DATA WRAPPER', quoted(name), wrapper)];
}

const collate = (collation: Column['collation']): string => (collation === undefined ? '' : ` COLLATE ${dotted(collation)}`);

/** A column as CREATE has words for it. */
export function columnSql({ name, type, notNull, collation, default: fallback, generated, identity, options }: Column): string {
  const value = [
    fallback === undefined ? '' : ` DEFAULT ${fallback}`,
    generated === undefined ? '' : ` GENERATED ALWAYS AS (${generated.expression}) ${generated.kind}`,
    identity === undefined ? '' : ` GENERATED ${identity} AS IDENTITY`,
  ];
  return `${quoted(name)} ${type}${optionsSql(options)}${collate(collation)}${value.join('')}${notNull ? ' NOT NULL' : ''}`;
}

/** What CREATE has no words for, as statements. */
function columnSettings(table: { readonly schema: string; readonly name: string }, { name, statistics, nDistinct, nDistinctInherited, storage, comment }: Column): readonly string[] {
  const alter = (action: string): string => `ALTER TABLE ${dotted(table)} ALTER ${quoted(name)} ${action}`;
  const numbers = [['n_distinct', nDistinct], ['n_distinct_inherited', nDistinctInherited]] as const;
  return [
    ...(statistics === undefined ? [] : [alter(`SET STATISTICS ${statistics}`)]),
    ...numbers.flatMap(([word, value]) => (value === undefined || value === 0 ? [] : [alter(`SET (${word} = ${value})`)])),
    ...(storage === undefined ? [] : [alter(`SET STORAGE ${storage.mode}`)]),
    ...(comment === undefined ? [] : [`COMMENT ON COLUMN ${dotted(table)}.${quoted(name)} IS ${text(comment)}`]),
  ];
}

export const checkSql = ({ name, expression, noInherit, notValid, notEnforced }: Check): string =>
  `CONSTRAINT ${quoted(name)} CHECK (${expression})${noInherit ? ' NO INHERIT' : ''}${notValid ? ' NOT VALID' : ''}${notEnforced ? ' NOT ENFORCED' : ''}`;

/** A foreign table; what it is called without its parents' part of it. */
function tableSql(table: ForeignTable): readonly string[] {
  const { name: _, partitionOf, columns, checks = [] } = table;
  const place = partitionOf === 'none' ? undefined : partitionOf;
  const tail = ` SERVER ${quoted(table.server)}${optionsSql(table.options)}`;
  const head = `CREATE FOREIGN TABLE ${dotted(table)}`;
  // CREATE … PARTITION OF takes no options of columns.
  const made =
    place === undefined
      ? [`${head} (${columns.map(columnSql).join(', ')})${tail}`]
      : [`${head} PARTITION OF ${dotted(place.parent)} ${place.bound}${tail}`, ...columns.flatMap(({ name, options }) => (options.length === 0 ? [] : [`ALTER FOREIGN TABLE ${dotted(table)} ALTER ${quoted(name)} OPTIONS (${optionList(options)})`]))];
  return [...made, ...checks.map((check) => `ALTER FOREIGN TABLE ${dotted(table)} ADD ${checkSql(check)}`), ...afterCreate(table)];
}

/** What follows the CREATE of a foreign table: settings, grants, comments and the owner, who comes last. */
export function afterCreate(table: ForeignTable): readonly string[] {
  const columnGrants = (table.columnGrants ?? []).flatMap(({ privilege, holders }) =>
    holders.flatMap(({ role, columns }) => (columns.length === 0 ? [] : [`GRANT ${privilege} (${columns.map(quoted).join(', ')}) ON ${dotted(table)} TO ${grantee(role)}`])),
  );
  return [...table.columns.flatMap((column) => columnSettings(table, column)), ...columnGrants, ...facetsSql('FOREIGN TABLE', 'TABLE', dotted(table), table)];
}

function partitionedSql(table: PartitionedTable): readonly string[] {
  return [`CREATE TABLE ${dotted(table)} (${table.columns.map(columnSql).join(', ')}) PARTITION BY ${table.key}`, ...table.columns.flatMap((column) => columnSettings(table, column)), ...facetsSql('TABLE', 'TABLE', dotted(table), table)];
}

function typeSql(type: UserType): readonly string[] {
  const name = dotted(type);
  const noun = type.kind === 'domain' ? 'DOMAIN' : 'TYPE';
  // Everybody may use a new type.
  const closed = type.grants?.some(({ privilege }) => privilege === 'USAGE') === true ? [`REVOKE USAGE ON ${noun} ${name} FROM PUBLIC`] : [];
  return [`CREATE ${noun} ${name} AS ${typeBody(type)}`, ...closed, ...facetsSql(noun, noun, name, type)];
}

function typeBody(type: UserType): string {
  switch (type.kind) {
    case 'enum':
      return `ENUM (${type.labels.map(text).join(', ')})`;
    case 'composite':
      return `(${type.attributes.map(({ name, type: of, collation }) => `${quoted(name)} ${of}${collate(collation)}`).join(', ')})`;
    case 'domain':
      return [`${type.base}${collate(type.collation)}`, type.default === undefined ? '' : `DEFAULT ${type.default}`, type.notNull ? 'NOT NULL' : '', ...(type.checks ?? []).map(({ name, expression }) => `CONSTRAINT ${quoted(name)} CHECK (${expression})`)].join(' ');
    case 'range': {
      const parts = [['subtype', type.subtype], ['subtype_opclass', type.opclass && dotted(type.opclass)], ['collation', type.collation && dotted(type.collation)], ['subtype_diff', type.subdiff && dotted(type.subdiff)], ['multirange_type_name', type.multirange && dotted(type.multirange)]] as const;
      return `RANGE (${parts.flatMap(([word, value]) => (value === undefined ? [] : [`${word} = ${value}`])).join(', ')})`;
    }
  }
}

/** The statements that make the objects of a state. */
export function plainSql({ wrappers, servers, userMappings, schemas, types, partitionedTables = [], foreignTables }: DatabaseState): readonly string[] {
  return [
    ...wrappers.flatMap(wrapperSql),
    ...servers.flatMap((server) => {
      const { name, type, version, wrapper } = server;
      const made = `CREATE SERVER ${quoted(name)}${type === undefined ? '' : ` TYPE ${text(type)}`}${version === undefined ? '' : ` VERSION ${text(version)}`} FOREIGN DATA WRAPPER ${quoted(wrapper)}${optionsSql(server.options)}`;
      return [made, ...facetsSql('SERVER', 'FOREIGN SERVER', quoted(name), server)];
    }),
    ...userMappings.map(({ server, role, options }) => `CREATE USER MAPPING FOR ${grantee(role)} SERVER ${quoted(server)}${options === 'unknown' ? '' : optionsSql(options)}`),
    ...schemas.flatMap((schema) => [`CREATE SCHEMA ${quoted(schema.name)}`, ...facetsSql('SCHEMA', 'SCHEMA', quoted(schema.name), schema)]),
    ...types.flatMap(typeSql),
    ...partitionedTables.flatMap(partitionedSql),
    ...foreignTables.flatMap(tableSql),
  ];
}
