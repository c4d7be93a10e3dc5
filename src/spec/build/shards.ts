import type { QualifiedName } from '../../model/name.ts';
import type { Options } from '../../model/option.ts';
import type { Placed, SpecPartition, SpecShardedTable } from '../types.ts';
import { valueOf, type Node } from '../yaml/node.ts';
import { buildColumnOverrides } from './columns.ts';
import { checkName, readText, type BuildContext } from './context.ts';
import { buildOptions } from './options.ts';

/** `shards: {server: "shard{0..3}"}`: a hash partition on each server. */
export function buildShards(node: Node | undefined, parent: QualifiedName, strategy: SpecShardedTable['strategy'], wrappers: ReadonlyMap<string, string>, context: BuildContext): readonly SpecPartition[] {
  if (node?.kind !== 'map') return [];
  const server = readText(valueOf(node, 'server'), context);
  if (server === undefined) return [];
  if (strategy !== 'hash') {
    context.problems.add(node.at, `\`shards\` is for hash, not for ${strategy}`, 'name each partition with its bounds under `partitions`');
    return [];
  }
  const servers = expand(server, context);
  const options = buildOptions(valueOf(node, 'options'), { wrapper: wrappers.get(servers[0]?.name ?? '') ?? 'postgres_fdw', kind: 'foreign-table' }, context);
  const columns = buildColumnOverrides(valueOf(node, 'columns'), wrappers.get(servers[0]?.name ?? '') ?? 'postgres_fdw', context);
  const pattern = readText(valueOf(node, 'name'), context) ?? { value: `${parent.name}_{shard}`, at: server.at };
  if (servers.length > 1 && !pattern.value.includes('{shard}')) {
    context.problems.add(pattern.at, 'all partitions would have one name', 'put `{shard}` where the number belongs');
    return [];
  }
  return servers.flatMap(({ name, shard }, remainder): readonly SpecPartition[] => {
    const own = pattern.value.replaceAll('{shard}', shard);
    if (!checkName(own, pattern.at, 'the name of a partition', context) || !checkName(name, server.at, 'the name of a server', context)) return [];
    return [{ name: { value: { schema: parent.schema, name: own }, at: pattern.at }, server: { value: name, at: server.at }, options: withShard(options, shard), columns: columns.map((column) => ({ ...column, options: withShard(column.options, shard) })), checks: undefined, columnGrants: undefined, owner: undefined, comment: undefined, grants: undefined, bound: { kind: 'hash', modulus: servers.length, remainder } }];
  });
}

/** More shards than that are a slip of the fingers. */
const mostShards = 10_000;

/** `shard{0..3}` as four names; `shard{00..15}` keeps its zeros. One without braces is one server. */
function expand({ value, at }: Placed<string>, { problems }: BuildContext): readonly { readonly name: string; readonly shard: string }[] {
  const found = /^(.*)\{(\d+)\.\.(\d+)\}(.*)$/s.exec(value);
  if (found === null) return [{ name: value, shard: '0' }];
  const [, before = '', first = '', last = '', after = ''] = found;
  const count = Number(last) - Number(first) + 1;
  if (count < 1 || count > mostShards) {
    problems.add(at, `{${first}..${last}} ${count < 1 ? 'holds no number' : 'is too many'}`, 'write the first and the last number: {0..3}');
    return [];
  }
  return Array.from({ length: count }, (_, index) => {
    const shard = String(Number(first) + index).padStart(first.length, '0');
    return { name: `${before}${shard}${after}`, shard };
  });
}

function withShard(options: Options, shard: string): Options {
  return options.map(({ name, value }) => ({ name, value: value.kind === 'text' ? { kind: 'text', text: value.text.replaceAll('{shard}', shard) } : value }));
}
