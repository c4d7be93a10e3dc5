import type { ColumnGrant, ColumnGrantChange } from '../model/column-grant.ts';
import type { FacetChange } from '../model/facets.ts';
import type { ForeignTable } from '../model/objects.ts';
import { compareNames } from '../model/option.ts';
import { type MappingRole, roleKey } from '../model/role.ts';

/** One privilege of one role, and the columns that it has it on. */
interface Holding {
  readonly privilege: string;
  readonly role: MappingRole;
  readonly columns: ReadonlySet<string>;
}

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
  const actual = holdings(before.columnGrants ?? [], (column) => present.has(column));
  const left = holdings(before.columnGrants ?? [], (column) => !dropped.has(column));
  const revoked = new Set(facets.flatMap((change) => (change.facet === 'revoke' ? [keyOf(change)] : [])));
  for (const key of revoked) left.delete(key);
  // The owner holds every privilege anyway, so the lists may name it or not.
  const owner = after.owner ?? before.owner;
  const desired = holdings(after.columnGrants ?? [], () => true);
  const wanted = [...desired.values(), ...[...actual.values()].filter(({ privilege }) => !managed.has(privilege))].filter(({ role }) => role.kind === 'public' || role.name !== owner);
  const keys = new Set(wanted.map(keyOf));
  const withdrawn = [...left.values()].filter((held) => managed.has(held.privilege) && !keys.has(keyOf(held)));
  return [
    ...withdrawn.flatMap((held) => changeOf('revoke', held, held.columns)),
    ...wanted.flatMap((want) => {
      const has = left.get(keyOf(want))?.columns ?? new Set();
      return [...changeOf('revoke', want, without(has, want.columns)), ...changeOf('grant', want, without(want.columns, has))];
    }),
  ];
}

function changeOf(verb: ColumnGrantChange['verb'], { privilege, role }: Holding, columns: ReadonlySet<string>): readonly ColumnGrantChange[] {
  return columns.size === 0 ? [] : [{ verb, privilege, role, columns: [...columns].sort(compareNames) }];
}

function holdings(grants: readonly ColumnGrant[], counts: (column: string) => boolean): Map<string, Holding> {
  const found = grants.flatMap(({ privilege, holders }) => holders.map(({ role, columns }): Holding => ({ privilege, role, columns: new Set(columns.filter(counts)) })));
  return new Map(found.map((holding) => [keyOf(holding), holding]));
}

function keyOf({ privilege, role }: { readonly privilege: string; readonly role: MappingRole }): string {
  return `${privilege}\0${roleKey(role)}`;
}

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...some].filter((each) => !others.has(each)));
}
