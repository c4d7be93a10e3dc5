import type { SpecTable } from '../types.ts';
import { valueOf, type Node } from '../yaml/node.ts';
import { buildChecks } from './checks.ts';
import { readName, type BuildContext } from './context.ts';
import { buildColumns } from './columns.ts';
import { buildColumnGrants, buildFacets, buildTableGrants } from './facets.ts';
import { buildOptions } from './options.ts';
import { buildParents } from './parents.ts';
import { formerName, tableName } from './table-names.ts';

/** The foreign tables that are spelled out. `wrappers` holds the wrapper of each server by its name. */
export function buildTables(node: Node | undefined, wrappers: ReadonlyMap<string, string>, context: BuildContext): readonly SpecTable[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const name = tableName(entry, context);
    if (entry.value.kind !== 'map') return [];
    const server = readName(valueOf(entry.value, 'server'), 'the name of a server', context);
    const wrapper = wrappers.get(server?.value ?? '') ?? 'postgres_fdw';
    const options = buildOptions(valueOf(entry.value, 'options'), { wrapper, kind: 'foreign-table' }, context);
    const columns = buildColumns(valueOf(entry.value, 'columns'), wrapper, context);
    const facets = buildFacets(entry.value, buildTableGrants(valueOf(entry.value, 'grants'), context), context);
    const columnGrants = buildColumnGrants(valueOf(entry.value, 'column_grants'), new Set(columns.map((column) => column.name.value)), context);
    const checks = buildChecks(valueOf(entry.value, 'checks'), context);
    const parents = buildParents(entry, entry.value, context);
    const renamedFrom = name && formerName(valueOf(entry.value, 'renamed_from'), name.value.schema, context);
    return name === undefined || server === undefined ? [] : [{ name, renamedFrom, server, options, columns, checks, columnGrants, ...parents, ...facets }];
  });
}
