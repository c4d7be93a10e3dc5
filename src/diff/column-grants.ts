import { fromOwner, type Held, heldKey } from '../model/acl.ts';
import type { ColumnGrant, ColumnGrantChange } from '../model/column-grant.ts';
import type { FacetChange } from '../model/facets.ts';
import type { ForeignTable } from '../model/objects.ts';
import { compareNames } from '../model/option.ts';
import { roleKey } from '../model/role.ts';
import { withdrawals } from './withdrawals.ts';

/**
 * What turns the actual grants on columns into the desired ones, and brings back those that the rest of the change
 * takes along: a column that is dropped and added again comes without grants, and a REVOKE on the table revokes the
 * privilege on its columns as well (postgresql.org/docs/18/sql-revoke.html, "Description").
 *
 * @param dropped columns of the actual table that are dropped
 * @param facets what happens to the table's own grants, before
 */
export function diffColumnGrants(after: ForeignTable, before: ForeignTable, dropped: ReadonlySet<string>, facets: readonly FacetChange[]): readonly ColumnGrantChange[] {
  if ((after.columnGrants ?? []).length === 0 && (before.columnGrants ?? []).length === 0) return [];
  const managed = new Set((after.columnGrants ?? []).map(({ privilege }) => privilege));
  const present = new Set(after.columns.map(({ name }) => name));
  // The owner holds every privilege anyway, so the lists may name it or not.
  const owner = after.owner ?? before.owner;
  const others = (each: Held): boolean => each.role.kind === 'public' || each.role.name !== owner;
  const actual = itemsOf(before.columnGrants ?? []);
  const revoked = new Set(facets.flatMap((change) => (change.facet === 'revoke' ? [takenKey({ ...change, grantor: change.grantor === owner ? undefined : change.grantor })] : [])));
  const left = actual.filter((each) => !dropped.has(each.column ?? '') && !revoked.has(takenKey(each)));
  const unmanaged = actual.filter(({ privilege, column = '' }) => !managed.has(privilege) && present.has(column));
  const wanted = new Map([...itemsOf(after.columnGrants ?? []), ...unmanaged].filter(others).map((each) => [heldKey(each), each]));
  const has = new Set(left.map(heldKey));
  const { grant, revoke } = withdrawals(left, owner, (each) => managed.has(each.privilege) && others(each) && !wanted.has(heldKey(each)));
  const asOwner = new Set((before.columnGrants ?? []).flatMap((each) => (each.asOwner === true ? [each.privilege] : [])));
  const named = revoke.map((each) => (asOwner.has(each.privilege) ? { ...each, grantor: each.grantor ?? owner } : each));
  const lacks = [...wanted.values()].filter((each) => !has.has(heldKey(each)));
  return [...together('grant', grant), ...together('revoke', named, (each) => wanted.has(heldKey(each))), ...together('grant', lacks.map((each) => ({ ...each, grantable: false })))];
}

/** One change for what follows each other and differs in the column alone. */
function together(verb: ColumnGrantChange['verb'], items: readonly Held[], keeps: (each: Held) => boolean = () => false): readonly ColumnGrantChange[] {
  const groups: { readonly first: Held; readonly columns: string[] }[] = [];
  for (const each of items) {
    const last = groups.at(-1);
    const same = last !== undefined && takenKey(last.first) === takenKey(each) && last.first.grantable === each.grantable && keeps(last.first) === keeps(each);
    if (same) last.columns.push(each.column ?? '');
    else groups.push({ first: each, columns: [each.column ?? ''] });
  }
  return groups.map(({ first, first: { privilege, role, grantor, grantable }, columns }) => ({
    verb,
    privilege,
    role,
    columns: columns.sort(compareNames),
    ...(verb === 'grant' && grantable ? { grantable } : {}),
    ...(verb === 'revoke' && grantor !== undefined ? { grantor } : {}),
    ...(keeps(first) ? { keeps: true } : {}),
  }));
}

function itemsOf(grants: readonly ColumnGrant[]): readonly Held[] {
  return grants.flatMap(({ privilege, holders, held }) => held ?? holders.flatMap(({ role, columns }) => columns.map((column) => fromOwner(privilege, role, column))));
}

/** What one REVOKE takes. */
function takenKey({ privilege, role, grantor = '' }: Pick<Held, 'privilege' | 'role'> & { readonly grantor?: string | undefined }): string {
  return `${privilege}\0${roleKey(role)}\0${grantor}`;
}
