import { Pair, Scalar } from 'yaml';
import type { ForeignTable } from '../model/objects.ts';
import type { Options } from '../model/option.ts';
import type { SpecBound } from '../spec/types.ts';
import { compactMap, optionPairs } from './options.ts';
import { textNode } from './texts.ts';
import type { Variables } from './variables.ts';

/** Partitions that are as alike as `shards` makes them. */
export interface RegularShards {
  /** `shard{0..3}` */
  readonly server: string;
  /** undefined: as the spec would call them anyway. */
  readonly name: string | undefined;
  /** With `{shard}` where they have their number. */
  readonly options: Options;
}

interface Shard {
  readonly table: ForeignTable;
  readonly bound: SpecBound;
}

/** The one pattern that makes all of the partitions, where there is one. */
export function regularShards(parent: string, partitions: readonly Shard[]): RegularShards | undefined {
  const ordered = inOrder(partitions);
  const servers = ordered && serverPattern(ordered.map(({ table }) => table.server));
  if (ordered === undefined || servers === undefined) return undefined;
  const name = patternOf(ordered.map(({ table }) => table.name), servers.shards);
  const [first] = ordered;
  const options = (first?.table.options ?? []).flatMap((option): Options => {
    const texts = ordered.map(({ table }) => textOf(table.options, option.name));
    const text = texts.includes(undefined) ? undefined : patternOf(texts.filter((one) => one !== undefined), servers.shards);
    return text === undefined ? [] : [{ name: option.name, value: { kind: 'text', text } }];
  });
  if (name === undefined || ordered.some(({ table }) => table.options.length !== options.length)) return undefined;
  return { server: servers.pattern, name: name === `${parent}_{shard}` ? undefined : name, options };
}

export function shardsPair({ server, name, options }: RegularShards, named: readonly string[], variables: Variables): Pair {
  return new Pair(
    new Scalar('shards'),
    compactMap([
      new Pair(new Scalar('server'), textNode(server)),
      ...(name === undefined ? [] : [new Pair(new Scalar('name'), textNode(name))]),
      ...(options.length === 0 ? [] : [new Pair(new Scalar('options'), compactMap(optionPairs(options, { references: 'text', named }, variables)))]),
    ]),
  );
}

/** In the order of their remainders, where they share one modulus and none is missing. One alone is no pattern. */
function inOrder(partitions: readonly Shard[]): readonly Shard[] | undefined {
  const ordered = partitions.flatMap((shard) => (shard.bound.kind === 'hash' && shard.bound.modulus === partitions.length ? [{ ...shard, at: shard.bound.remainder }] : [])).sort((a, b) => a.at - b.at);
  return ordered.length === partitions.length && ordered.length > 1 && ordered.every(({ at }, index) => at === index) ? ordered : undefined;
}

/** `shard0`, `shard1` … as `shard{0..3}`, and the numbers. */
function serverPattern(servers: readonly string[]): { readonly pattern: string; readonly shards: readonly string[] } | undefined {
  const [first = ''] = servers;
  if (first.includes('{')) return undefined;
  for (const { 0: digits, index } of first.matchAll(/[0-9]{1,9}/g)) {
    const shards = servers.map((_, shard) => String(Number(digits) + shard).padStart(digits.length, '0'));
    const [before, after] = [first.slice(0, index), first.slice(index + digits.length)];
    if (servers.every((server, shard) => server === `${before}${shards[shard] ?? ''}${after}`)) return { pattern: `${before}{${digits}..${shards.at(-1) ?? ''}}${after}`, shards };
  }
  return undefined;
}

/** One text that gives all of these with `{shard}` replaced. */
function patternOf(texts: readonly string[], shards: readonly string[]): string | undefined {
  const [first = ''] = texts;
  const [digits = ''] = shards;
  const gives = (pattern: string): boolean => texts.every((text, index) => text === pattern.replaceAll('{shard}', shards[index] ?? ''));
  if (gives(first)) return first;
  for (let at = first.indexOf(digits); at >= 0; at = first.indexOf(digits, at + 1)) {
    const pattern = `${first.slice(0, at)}{shard}${first.slice(at + digits.length)}`;
    if (gives(pattern)) return pattern;
  }
  return undefined;
}

function textOf(options: Options, name: string): string | undefined {
  const value = options.find((option) => option.name === name)?.value;
  return value?.kind === 'text' ? value.text : undefined;
}
