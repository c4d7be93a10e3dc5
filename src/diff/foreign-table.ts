import type { Change } from '../model/change.ts';
import type { Column } from '../model/column.ts';
import type { ColumnGrant } from '../model/column-grant.ts';
import type { Facets } from '../model/facets.ts';
import type { ForeignTable } from '../model/objects.ts';
import { diffChecks } from './checks.ts';
import { diffColumnGrants } from './column-grants.ts';
import { diffColumns, withUnmanaged } from './columns.ts';
import { diffFacets } from './facets.ts';
import { diffOptions, type TableComparison } from './options.ts';
import { diffParents, managesParents } from './parents.ts';

/** What turns the actual foreign table into the desired one. Another server is a replacement: SQL has no ALTER for it. */
export function diffForeignTable(after: ForeignTable, before: ForeignTable, comparison: TableComparison): Change | undefined {
  const { leave, inherit, attach } = diffParents(after, before);
  if (after.server !== before.server) return { action: 'replace', kind: 'foreign-table', before, after: replacement(after, before), ...(leave.length === 0 ? {} : { leave }) };
  const options = diffOptions(after.options, before.options, comparison);
  // A partition of a sharded table has got its columns from that already.
  const { changes: columns, dropped } = diffColumns(after.madeByParent === true && before.partitionOf !== undefined ? partitionColumns(after, before) : after.columns, before.columns, comparison);
  const checks = diffChecks(after, before, dropped);
  const facets = diffFacets(after, before);
  const columnGrants = diffColumnGrants(after, before, dropped, facets);
  const { renamedFrom } = before;
  if (renamedFrom === undefined && attach === undefined && [leave, inherit, options, columns, checks, facets, columnGrants].every(({ length }) => length === 0)) return undefined;
  return { action: 'update', kind: 'foreign-table', after, renamedFrom, options, columns, checks, facets, columnGrants, ...(leave.length === 0 ? {} : { leave }), ...(inherit.length === 0 ? {} : { inherit }), ...(attach === undefined ? {} : { attach }) };
}

/** The columns of a partition as they are, but for what of them is its own and the spec manages. */
function partitionColumns(after: ForeignTable, before: ForeignTable): readonly Column[] {
  const own = new Set(after.ownColumns);
  const wanted = new Map(after.columns.filter(({ name }) => own.has(name)).map((column) => [column.name, column]));
  if (wanted.size === 0) return before.columns;
  return before.columns.map((column) => {
    const mine = wanted.get(column.name);
    if (mine === undefined) return column;
    const { options, statistics, nDistinct, nDistinctInherited, storage, comment } = mine;
    return { ...column, options, statistics, nDistinct, nDistinctInherited, storage, comment };
  });
}

/** A replacement brings back what hung on the old table and the spec does not manage. */
export function replacement(after: ForeignTable, before: ForeignTable): ForeignTable {
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const present = new Set(after.columns.map(({ name }) => name));
  return {
    ...withUnmanagedFacets(after, before),
    partitionOf: after.partitionOf ?? before.partitionOf,
    inherits: after.inherits ?? before.inherits,
    // A partition that comes back as it was gets what its parent gives.
    ...(managesParents(after) ? {} : { handedDown: before.handedDown, keepsParents: true, madeByParent: before.partitionOf === undefined ? after.madeByParent : true }),
    columns: after.columns.map((column) => {
      const previous = old.get(column.name);
      if (previous === undefined) return column;
      const kept = { ...withUnmanaged(column, previous), ...(previous.handedDown === true && !managesParents(after) ? { handedDown: true as const } : {}) };
      // A partition of a sharded table has its columns from that, and their options are its own: the spec need not say them.
      return after.madeByParent !== true || after.ownColumns?.includes(column.name) === true ? kept : { ...kept, options: previous.options };
    }),
    checks: after.checks ?? (before.checks ?? []).filter((check) => (check.columns ?? []).every((column) => present.has(column))),
    columnGrants: [...(after.columnGrants ?? []), ...unmanagedGrants(after, before)],
  };
}

/** With the owner, comment and privileges that the spec does not manage. */
export function withUnmanagedFacets<T extends Facets>(after: T, before: Facets): T {
  const managed = new Set((after.grants ?? []).map(({ privilege }) => privilege));
  return {
    ...after,
    owner: after.owner ?? before.owner,
    comment: after.comment ?? before.comment,
    grants: [...(after.grants ?? []), ...(before.grants ?? []).filter(({ privilege }) => !managed.has(privilege))],
  };
}

function unmanagedGrants(after: ForeignTable, before: ForeignTable): readonly ColumnGrant[] {
  const managed = new Set((after.columnGrants ?? []).map(({ privilege }) => privilege));
  const present = new Set(after.columns.map(({ name }) => name));
  return (before.columnGrants ?? [])
    .filter(({ privilege }) => !managed.has(privilege))
    .map(({ privilege, holders }) => ({ privilege, holders: holders.map(({ role, columns }) => ({ role, columns: columns.filter((column) => present.has(column)) })) }));
}
