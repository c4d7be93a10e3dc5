import type { SpecAbsent, SpecServer } from '../types.ts';
import { valueOf, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';
import { checkName, readBoolean, readName, type BuildContext } from './context.ts';
import { namedRole } from './facets.ts';
import { tableName } from './table-names.ts';
import { typeName } from './types.ts';

/** Whether an entry says `absent: true`. Whatever else it says does not count then. */
export function isAbsent(value: Node): boolean {
  return value.kind === 'map' && readBoolean(valueOf(value, 'absent')) === true;
}

/** A map without the entries that shall be absent: what the spec wants to exist. */
export function presentIn(node: Node | undefined): Node | undefined {
  return node?.kind === 'map' ? node.with(node.entries.filter(({ value }) => !isAbsent(value))) : node;
}

function absentIn(node: Node | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries.filter(({ value }) => isAbsent(value)) : [];
}

/**
 * Everything that the spec wants gone.
 * @param servers those that it wants to exist: theirs may be user mappings that it does not
 */
export function buildAbsent(root: MapNode, servers: readonly SpecServer[], context: BuildContext): SpecAbsent {
  const extensions = valueOf(root, 'extensions');
  const items = extensions?.kind === 'list' ? extensions.items : extensions === undefined ? [] : [extensions];
  return {
    extensions: items.flatMap(absentIn).flatMap((entry) => named(entry, 'the name of an extension', context)),
    wrappers: absentIn(valueOf(root, 'wrappers')).flatMap((entry) => named(entry, 'the name of a wrapper', context)),
    servers: absentIn(valueOf(root, 'servers')).flatMap((entry) =>
      named(entry, 'the name of a server', context).map((name) => ({ name, prune: prunes(entry.value) })),
    ),
    userMappings: mappingsOf(valueOf(root, 'servers'), servers, context),
    schemas: absentIn(valueOf(root, 'schemas')).flatMap((entry) => {
      const server = entry.value.kind === 'map' ? readName(valueOf(entry.value, 'server'), 'the name of a server', context) : undefined;
      return named(entry, 'the name of a schema', context).map((name) => ({ name, server }));
    }),
    types: absentIn(valueOf(root, 'types')).flatMap((entry) => typeName(entry, context) ?? []),
    tables: [...absentIn(valueOf(root, 'tables')).flatMap((entry) => tableName(entry, context) ?? []), ...partitionsOf(valueOf(root, 'sharded_tables'), context)],
    shardedTables: absentIn(valueOf(root, 'sharded_tables')).flatMap((entry) => tableName(entry, context) ?? []),
  };
}

/** `prune: true` */
export function prunes(node: Node | undefined): boolean {
  return node?.kind === 'map' && readBoolean(valueOf(node, 'prune')) === true;
}

function named({ key, keyAt }: MapEntry, what: string, context: BuildContext) {
  return checkName(key, keyAt, what, context) ? [{ value: key, at: keyAt }] : [];
}

/** Partitions of sharded tables that exist. */
function partitionsOf(node: Node | undefined, context: BuildContext): SpecAbsent['tables'] {
  const tables = presentIn(node);
  if (tables?.kind !== 'map') return [];
  return tables.entries.flatMap((entry) => {
    const gone = entry.value.kind === 'map' ? absentIn(valueOf(entry.value, 'partitions')) : [];
    const parent = gone.length === 0 ? undefined : tableName(entry, context);
    if (parent === undefined) return [];
    return gone.flatMap((partition) => named(partition, 'the name of a partition', context).map(({ value: name, at }) => ({ value: { schema: parent.value.schema, name }, at })));
  });
}

function mappingsOf(node: Node | undefined, servers: readonly SpecServer[], context: BuildContext): SpecAbsent['userMappings'] {
  if (node?.kind !== 'map') return [];
  const wanted = new Set(servers.map(({ name }) => name.value));
  return node.entries.flatMap(({ key: server, value }) => {
    if (value.kind !== 'map' || !wanted.has(server)) return [];
    return absentIn(valueOf(value, 'user_mappings')).flatMap((entry) =>
      named(entry, 'the name of a role', context).map(({ value: role, at }) => ({ server, role: namedRole(role), at })),
    );
  });
}
