import type { SourceSpan } from '../../base/source.ts';
import type { QualifiedName } from '../../model/name.ts';
import { splitName } from '../qualified-name.ts';
import type { Placed, SpecTable } from '../types.ts';
import { shown } from '../words.ts';
import { valueOf, type Node } from '../yaml/node.ts';
import { buildChecks } from './checks.ts';
import { checkName, readName, readText, type BuildContext } from './context.ts';
import { buildColumns } from './columns.ts';
import { buildColumnGrants, buildFacets, buildTableGrants } from './facets.ts';
import { buildOptions } from './options.ts';

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
    const renamedFrom = name && formerName(valueOf(entry.value, 'renamed_from'), name.value.schema, context);
    return name === undefined || server === undefined ? [] : [{ name, renamedFrom, server, options, columns, checks, columnGrants, ...facets }];
  });
}

/** `renamed_from: orders`, in the same schema, or `renamed_from: old.orders`. */
export function formerName(node: Node | undefined, schema: string, context: BuildContext): Placed<QualifiedName> | undefined {
  const text = readText(node, context);
  if (text === undefined) return undefined;
  const split = splitName(text.value);
  if (split.kind === 'name' && split.schema === undefined) {
    return checkName(split.name, text.at, 'the name of a table', context) ? { value: { schema, name: split.name }, at: text.at } : undefined;
  }
  return tableName({ key: text.value, keyAt: text.at }, context);
}

/** A text that names something, and where it stands. */
interface Named {
  readonly key: string;
  readonly keyAt: SourceSpan;
}

/** The name of a table, where it is one. */
export function tableName(entry: Named, context: BuildContext): Placed<QualifiedName> | undefined {
  return qualifiedName(entry, 'table', context);
}

/** `schema.name`; what is wrong with it is a problem. */
export function qualifiedName({ key, keyAt }: Named, what: 'table' | 'type', context: BuildContext): Placed<QualifiedName> | undefined {
  const split = splitName(key);
  if (split.kind === 'problem') {
    context.problems.add(keyAt, `${shown(key)} is not a ${what}'s name: ${split.message}`, 'quote a name as in SQL: \'"a.b".c\'');
    return undefined;
  }
  const { schema, name } = split;
  if (schema === undefined) {
    context.problems.add(keyAt, `${shown(key)} names no schema`, `write schema.${what}, for example \`public.${key}\``);
    return undefined;
  }
  if (schema === '' || name === '') {
    context.problems.add(keyAt, `${shown(key)} names no ${schema === '' ? 'schema' : what}`, `write schema.${what}`);
    return undefined;
  }
  const schemaFits = checkName(schema, keyAt, 'the name of a schema', context);
  if (!checkName(name, keyAt, `the name of a ${what}`, context) || !schemaFits) return undefined;
  if (split.dotsInName) {
    context.warnings.add(keyAt, `${shown(key)} is read as the ${what} ${shown(name)} in the schema ${shown(schema)}`, `quote a name that contains a dot: '${schema}."${name}"'`);
  }
  return { value: { schema, name }, at: keyAt };
}
