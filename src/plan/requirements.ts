import { statementsFor } from '../ddl/statements.ts';
import { type Change, objectOf } from '../model/change.ts';
import type { FacetChange } from '../model/facets.ts';
import type { QualifiedName } from '../model/name.ts';
import type { FdwObject, Server, UserMapping } from '../model/objects.ts';
import type { Owned, PlacedRequirement, Requirement } from '../model/requirement.ts';
import { slots } from '../sql/statement.ts';
import { addressOf } from './address.ts';
import { asideOf, joinsOf, partsOf } from './joins.ts';

/**
 * The privileges that changes ask for, each once. Sources, 14 to 18: the manual's pages of the statements,
 * commands/foreigncmds.c (user_mapping_ddl_aclcheck, AlterForeignServerOwner_internal), commands/schemacmds.c
 * (AlterSchemaOwner_internal), commands/tablecmds.c (ATExecChangeOwner), postgres_fdw/option.c (postgres_fdw_validator).
 */
export function requirementsOf(changes: readonly Change[]): readonly PlacedRequirement[] {
  const first = new Map<string, PlacedRequirement>();
  for (const change of changes) {
    const address = addressOf(objectOf(change));
    for (const requirement of ofChange(change)) {
      const key = JSON.stringify(requirement);
      if (!first.has(key)) first.set(key, { address, requirement });
    }
  }
  return [...first.values()];
}

function ofChange(change: Change): readonly Requirement[] {
  return [...ofAction(change), ...ofParents(change), ...(writesSecret(change) ? ([{ need: 'temporary' }, { need: 'plpgsql' }] as const) : [])];
}

/** Who makes a table part of another one, or takes it out of it, owns both (commands/tablecmds.c, ATSimplePermissions, 14 to 18). */
function ofParents(change: Change): readonly Requirement[] {
  const leave = partsOf(change);
  const parents = [...leave.map(({ parent }) => parent), ...joinsOf(change).map(({ parent }) => parent)];
  const tables = leave.map(({ table }) => table);
  const owned = ({ schema, name }: QualifiedName, kind: Owned['kind']): Requirement => ({ need: 'ownership', of: { kind, schema, name } });
  return [...tables.map((table) => owned(table, 'foreign table')), ...asideOf(change).map(({ heir, what }) => owned(heir, what)), ...parents.map((parent) => owned(parent, 'table'))];
}

/** Whether a secret goes to the server with it. */
export function writesSecret(change: Change): boolean {
  return statementsFor(change).some((statement) => slots(statement).length > 0);
}

function ofAction(change: Change): readonly Requirement[] {
  switch (change.action) {
    case 'create':
      return toCreate(change.object);
    case 'replace':
      return [
        ...owning(change.before),
        ...(change.kind === 'server' ? change.gone.flatMap(toDrop) : []),
        ...toCreate(change.after),
        ...(change.kind === 'server' ? change.back.flatMap((object) => toReturn(object, change.after)) : []),
      ];
    case 'update':
      return toUpdate(change);
    case 'drop':
      return toDrop(change.object);
  }
}

function toCreate(object: FdwObject): readonly Requirement[] {
  switch (object.kind) {
    case 'extension':
      return [{ need: 'install', extension: object.name }];
    case 'wrapper':
      return [{ need: 'superuser', to: 'create a foreign-data wrapper' }];
    case 'server':
      return [{ need: 'usage-on-wrapper', wrapper: object.wrapper }, ...newOwner(object, object.owner)];
    case 'user-mapping':
      return toMap(object);
    case 'schema':
      return [{ need: 'create-on-database' }, ...newOwner(object, object.owner)];
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
    case 'partitioned-table':
      return [{ need: 'create-in', schema: object.schema }, ...newOwner(object, object.owner)];
    case 'foreign-table':
      return [{ need: 'create-in', schema: object.schema }, { need: 'usage-on-server', server: object.server }, ...newOwner(object, object.owner)];
  }
}

/** USAGE on the server comes with it. */
function toReturn(object: FdwObject, { name }: Server): readonly Requirement[] {
  return toCreate(object).filter((each) => each.need !== 'usage-on-server' || each.server !== name);
}

function toDrop(object: FdwObject): readonly Requirement[] {
  if (object.kind === 'user-mapping') return [mapping(object)];
  const of = ownedOf(object);
  return of === undefined ? [] : [...naming(object), { need: 'drop', of }];
}

function toUpdate(change: Extract<Change, { action: 'update' }>): readonly Requirement[] {
  const { after } = change;
  if (after.kind === 'user-mapping') return toMap(after);
  const facets = 'facets' in change ? change.facets : [];
  const columnGrants = 'columnGrants' in change ? change.columnGrants : [];
  const before: FdwObject = change.kind === 'foreign-table' && change.renamedFrom !== undefined ? { ...change.after, ...change.renamedFrom } : after;
  // What is beyond the statements of facets and grants on columns is about the object itself.
  const others = [...facets, ...columnGrants].filter((each) => 'grantor' in each).length * 2;
  const alters = statementsFor(change).length > facets.length + columnGrants.length + others;
  const needs = [
    ...naming(before),
    ...(alters ? owning(before) : []),
    // RENAME asks for CREATE on the schema that the table is in, SET SCHEMA on the one that it comes to.
    ...(before === after ? [] : creating(after)),
    ...facets.flatMap((facet) => ofFacet(before, facet)),
    ...columnGrants.flatMap(({ verb, privilege, columns, grantor }) => (grantor === undefined ? granting(before, verb, privilege, columns) : [{ need: 'revoke-as', role: grantor } as const])),
  ];
  // Who owns it may grant all of it.
  return needs.some(({ need }) => need === 'ownership') ? needs.filter(({ need }) => need !== 'grant') : needs;
}

/** What it takes to say the name of an object. */
function naming(object: FdwObject): readonly Requirement[] {
  return 'schema' in object && object.kind !== 'extension' ? [{ need: 'usage-in', schema: object.schema }] : [];
}

function creating(object: FdwObject): readonly Requirement[] {
  return 'schema' in object && object.kind !== 'extension' ? [{ need: 'create-in', schema: object.schema }] : [];
}

/** Whoever may grant a privilege may not revoke what others have granted (postgresql.org/docs/18/sql-revoke.html, "Notes"). */
function granting(object: FdwObject, verb: 'grant' | 'revoke', privilege: string, columns?: readonly string[]): readonly Requirement[] {
  const of = ownedOf(object);
  if (of === undefined) return [];
  return verb === 'revoke' ? [{ need: 'ownership', of }] : [{ need: 'grant', of, privilege, ...(columns === undefined ? {} : { columns }) }];
}

function ofFacet(object: FdwObject, change: FacetChange): readonly Requirement[] {
  switch (change.facet) {
    case 'owner':
      return [...owning(object), ...newOwner(object, change.after)];
    case 'comment':
      return owning(object);
    case 'grant':
      return granting(object, change.facet, change.privilege);
    case 'revoke':
      return change.grantor === undefined ? granting(object, change.facet, change.privilege) : [{ need: 'revoke-as', role: change.grantor }];
  }
}

function newOwner(object: FdwObject, role: string | undefined): readonly Requirement[] {
  if (role === undefined) return [];
  const become: Requirement = { need: 'become', role };
  switch (object.kind) {
    case 'server':
      return [become, { need: 'role-usage-on-wrapper', role, wrapper: object.wrapper }];
    case 'schema':
      return [become, { need: 'create-on-database' }];
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
    case 'partitioned-table':
    case 'foreign-table':
      return [become, { need: 'role-create-in', role, schema: object.schema }];
    default:
      return [become];
  }
}

function toMap({ server, role, options }: UserMapping): readonly Requirement[] {
  const names = options === 'unknown' ? [] : options.filter(({ name, value }) => superuserOnly(name, value.kind === 'text' ? value.text : '')).map(({ name }) => name);
  return [
    mapping({ server, role }),
    ...names.map((name): Requirement => ({ need: 'superuser', to: name === 'password_required' ? 'set password_required to false' : `set ${name} in a user mapping` })),
  ];
}

function mapping({ server, role }: Pick<UserMapping, 'server' | 'role'>): Requirement {
  return { need: 'map', server, role: role.kind === 'role' ? role.name : undefined };
}

function superuserOnly(name: string, text: string): boolean {
  return name === 'sslcert' || name === 'sslkey' || (name === 'password_required' && /^(f|fa|fal|fals|false|n|no|of|off|0)$/i.test(text));
}

function owning(object: FdwObject): readonly Requirement[] {
  const of = ownedOf(object);
  return of === undefined ? [] : [{ need: 'ownership', of }];
}

function ownedOf(object: FdwObject): Owned | undefined {
  switch (object.kind) {
    case 'extension':
    case 'schema':
      return { kind: object.kind, schema: undefined, name: object.name };
    case 'server':
      return { kind: 'server', schema: undefined, name: object.renamedFrom ?? object.name };
    case 'wrapper':
      return { kind: 'foreign-data wrapper', schema: undefined, name: object.name };
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return { kind: 'type', schema: object.schema, name: object.name };
    case 'partitioned-table':
      return { kind: 'table', schema: object.schema, name: object.name };
    case 'foreign-table':
      return { kind: 'foreign table', schema: object.schema, name: object.name };
    case 'user-mapping':
      return undefined;
  }
}
