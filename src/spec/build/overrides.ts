import type { SpecOverride } from '../types.ts';
import { valueOf, type Node } from '../yaml/node.ts';
import { buildChecks } from './checks.ts';
import { buildColumnOverrides } from './columns.ts';
import { checkName, type BuildContext } from './context.ts';
import { buildColumnGrants, buildFacets, buildTableGrants } from './facets.ts';
import { buildOptions } from './options.ts';
import { buildParents } from './parents.ts';
import { formerName } from './table-names.ts';

/**
 * `overrides` of an imported schema, by the names of tables of the remote.
 * @param schema the local one
 */
export function buildOverrides(node: Node | undefined, schema: string, wrapper: string, context: BuildContext): readonly SpecOverride[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const { key, keyAt, value } = entry;
    if (value.kind !== 'map' || !checkName(key, keyAt, 'the name of a table', context)) return [];
    return [
      {
        name: { value: key, at: keyAt },
        renamedFrom: formerName(valueOf(value, 'renamed_from'), schema, context),
        options: buildOptions(valueOf(value, 'options'), { wrapper, kind: 'foreign-table' }, context),
        columns: buildColumnOverrides(valueOf(value, 'columns'), wrapper, context),
        checks: buildChecks(valueOf(value, 'checks'), context),
        columnGrants: buildColumnGrants(valueOf(value, 'column_grants'), undefined, context),
        ...buildParents(entry, value, context),
        ...buildFacets(value, buildTableGrants(valueOf(value, 'grants'), context), context),
      },
    ];
  });
}
