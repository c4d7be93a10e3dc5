import { type Held, heldKey } from '../model/acl.ts';

/** What taking privileges away comes to, where others than the owner have granted some. */
export interface Withdrawals {
  /** What the owner grants first, to those who keep what they have only from somebody who loses it. */
  readonly grant: readonly Held[];
  /** Each as the role that granted it, before the grant option that it rests on. */
  readonly revoke: readonly Held[];
}

/**
 * REVOKE takes only what the role that runs it has granted, and refuses without CASCADE while grants rest upon the grant option
 * that goes (postgresql.org/docs/18/sql-revoke.html, "Notes"; utils/adt/acl.c, recursive_revoke, 14 to 18).
 * @param owner who owns the object by then: what it has granted counts as the owner's
 * @param goes whether somebody is to lose it
 */
export function withdrawals(items: readonly Held[], owner: string | undefined, goes: (each: Held) => boolean): Withdrawals {
  const held = items.map((each) => (each.grantor !== undefined && each.grantor === owner ? { ...each, grantor: undefined } : each));
  const gone = new Set(held.filter(goes));
  const again = new Map<string, Held>();
  const left = (): readonly Held[] => [...held.filter((each) => !gone.has(each)), ...again.values()];
  for (;;) {
    const adrift = held.find((each) => !gone.has(each) && held.some((one) => lets(one, each)) && !left().some((one) => lets(one, each)));
    if (adrift === undefined) break;
    gone.add(adrift);
    const has = left().some((one) => heldKey(one) === heldKey(adrift) && (one.grantable || !adrift.grantable));
    if (!has) again.set(heldKey(adrift), { ...adrift, grantor: undefined });
  }
  const depth = (each: Held): number => (each.grantor === undefined ? 0 : 1 + Math.max(0, ...held.filter((one) => lets(one, each)).map(depth)));
  return { grant: [...again.values()], revoke: held.filter((each) => gone.has(each)).sort((a, b) => depth(b) - depth(a)) };
}

/* PostgreSQL looks for what a grant rests on in the same list: that of the object, or that of the column. It has no circles. */
function lets({ privilege, column, role, grantable }: Held, each: Held): boolean {
  return grantable && privilege === each.privilege && column === each.column && role.kind === 'role' && role.name === each.grantor;
}
