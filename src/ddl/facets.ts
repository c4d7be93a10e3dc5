import type { FacetChange, Facets } from '../model/facets.ts';
import type { ForeignTable, Schema, Server, Wrapper } from '../model/objects.ts';
import type { PartitionedTable } from '../model/partitioned-table.ts';
import { isType, type UserType } from '../model/user-types.ts';
import { ident, literal, qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { roleSpec } from '../sql/role.ts';

/** The objects that have an owner, grants and a comment. */
export type Facetted = Wrapper | Server | Schema | UserType | PartitionedTable | ForeignTable;

/** What must follow the CREATE of an object to give it its facets. */
export function createFacets(object: Facetted): readonly Statement[] {
  return alterFacets(object, [...(isType(object) ? notEverybody(object) : []), ...initialFacets(object)]);
}

/** Everybody may use a new type (postgresql.org/docs/18/ddl-priv.html). */
function notEverybody({ grants = [] }: Facets): readonly FacetChange[] {
  const usage = grants.find(({ privilege }) => privilege === 'USAGE');
  return usage === undefined || usage.roles.some(({ kind }) => kind === 'public') ? [] : [{ facet: 'revoke', privilege: 'USAGE', role: { kind: 'public' } }];
}

function initialFacets({ owner, comment, grants }: Facets): readonly FacetChange[] {
  return [
    ...(owner === undefined ? [] : [{ facet: 'owner', before: undefined, after: owner } as const]),
    ...(grants ?? []).flatMap(({ privilege, roles }) => roles.map((role) => ({ facet: 'grant', privilege, role }) as const)),
    ...(comment === undefined || comment === '' ? [] : [{ facet: 'comment', after: comment } as const]),
  ];
}

/** One statement per change, but for what is revoked as another role than the owner. */
export function alterFacets(object: Facetted, changes: readonly FacetChange[]): readonly Statement[] {
  const name = 'schema' in object ? qualified(object) : ident(object.name);
  const { noun, grantNoun } = nouns[object.kind];
  return changes.flatMap((change) => {
    switch (change.facet) {
      case 'owner':
        return statement(`ALTER ${noun} ${name} OWNER TO ${roleSpec({ kind: 'role', name: change.after })}`);
      case 'comment':
        return statement(`COMMENT ON ${noun} ${name} IS ${change.after === '' ? 'NULL' : literal(change.after)}`);
      case 'grant':
        return statement(`GRANT ${change.privilege} ON ${grantNoun} ${name} TO ${roleSpec(change.role)}${change.grantable === true ? ' WITH GRANT OPTION' : ''}`);
      case 'revoke':
        return asGrantor(change.grantor, statement(`REVOKE ${change.privilege} ON ${grantNoun} ${name} FROM ${roleSpec(change.role)}`));
    }
  });
}

/** `GRANTED BY` takes nobody but the current role (catalog/aclchk.c, ExecuteGrantStmt, 14 to 18). */
export function asGrantor(grantor: string | undefined, revoke: Statement): readonly Statement[] {
  return grantor === undefined ? [revoke] : [statement(`SET LOCAL ROLE ${roleSpec({ kind: 'role', name: grantor })}`), revoke, statement('RESET ROLE')];
}

/* GRANT says TABLE for foreign tables and FOREIGN SERVER for servers (postgresql.org/docs/18/sql-grant.html). */
const nouns: Record<Facetted['kind'], { readonly noun: string; readonly grantNoun: string }> = {
  wrapper: { noun: 'FOREIGN DATA WRAPPER', grantNoun: 'FOREIGN DATA WRAPPER' },
  server: { noun: 'SERVER', grantNoun: 'FOREIGN SERVER' },
  schema: { noun: 'SCHEMA', grantNoun: 'SCHEMA' },
  enum: { noun: 'TYPE', grantNoun: 'TYPE' },
  domain: { noun: 'DOMAIN', grantNoun: 'DOMAIN' },
  composite: { noun: 'TYPE', grantNoun: 'TYPE' },
  range: { noun: 'TYPE', grantNoun: 'TYPE' },
  'partitioned-table': { noun: 'TABLE', grantNoun: 'TABLE' },
  'foreign-table': { noun: 'FOREIGN TABLE', grantNoun: 'TABLE' },
};
