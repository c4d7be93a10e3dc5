import type { Placed, SpecImportedSchema, SpecLocalSchema, SpecTableSelection } from '../types.ts';
import { shown } from '../words.ts';
import { valueOf, type Node } from '../yaml/node.ts';
import { prunes } from './absent.ts';
import { checkName, readBoolean, readName, readWord, type BuildContext } from './context.ts';
import { buildFacets, buildGrant } from './facets.ts';
import { buildOverrides } from './overrides.ts';

/** The imported schemas. `wrappers` holds the wrapper of each server by its name. */
export function buildSchemas(node: Node | undefined, wrappers: ReadonlyMap<string, string>, context: BuildContext): readonly SpecImportedSchema[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key, keyAt, value }) => {
    const fits = checkName(key, keyAt, 'the name of a schema', context);
    if (value.kind !== 'map') return [];
    const server = readName(valueOf(value, 'server'), 'the name of a server', context);
    const remoteSchema = readName(valueOf(value, 'remote_schema'), 'the name of a schema', context);
    const selection = tableSelection(valueOf(value, 'tables'), context);
    const types = readWord(valueOf(value, 'types'), ['create', 'require']) ?? 'create';
    const select = buildGrant('SELECT', valueOf(value, 'select'), context);
    const overrides = buildOverrides(valueOf(value, 'overrides'), key, wrappers.get(server?.value ?? '') ?? 'postgres_fdw', context);
    if (!fits || server === undefined) return [];
    const name = { value: key, at: keyAt };
    return [{ name, server, remoteSchema: remoteSchema ?? name, selection, import: importOptions(valueOf(value, 'import')), types, select: select[0], prune: prunes(value), overrides }];
  });
}

/** What is said of the local schemas themselves, imported or not. */
export function buildLocalSchemas(node: Node | undefined, context: BuildContext): readonly SpecLocalSchema[] {
  if (node?.kind !== 'map') return [];
  return node.entries.map(({ key, keyAt, value }) => {
    const map = value.kind === 'map' ? value : undefined;
    const grants = ['USAGE', 'CREATE'].flatMap((privilege) => buildGrant(privilege, map && valueOf(map, privilege.toLowerCase()), context));
    return { name: { value: key, at: keyAt }, ...buildFacets(map, grants, context) };
  });
}

function tableSelection(node: Node | undefined, context: BuildContext): SpecTableSelection {
  if (node?.kind === 'list') return { kind: 'listed', tables: tableNames(node, context) };
  if (node?.kind === 'map') return { kind: 'except', tables: tableNames(valueOf(node, 'except'), context) };
  return { kind: 'all' };
}

function tableNames(node: Node | undefined, context: BuildContext): readonly Placed<string>[] {
  if (node?.kind !== 'list') return [];
  const first = new Map<string, Placed<string>>();
  for (const item of node.items) {
    const name = readName(item, 'the name of a table', context);
    if (name === undefined) continue;
    const earlier = first.get(name.value);
    if (earlier === undefined) first.set(name.value, name);
    else context.problems.add(name.at, `the table ${shown(name.value)} is listed twice`, `it is first listed in line ${earlier.at.line}`);
  }
  return [...first.values()];
}

/** PostgreSQL's own defaults (postgresql.org/docs/18/postgres-fdw.html, "Importing Options"). */
function importOptions(node: Node | undefined): SpecImportedSchema['import'] {
  const value = (key: string): boolean | undefined => (node?.kind === 'map' ? readBoolean(valueOf(node, key)) : undefined);
  return {
    collate: value('collate') ?? true,
    default: value('default') ?? false,
    generated: value('generated') ?? true,
    notNull: value('not_null') ?? true,
  };
}
