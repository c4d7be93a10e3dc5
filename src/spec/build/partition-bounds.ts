import type { SourceSpan } from '../../base/source.ts';
import type { BoundValue, SpecBound, SpecShardedTable } from '../types.ts';
import { shown } from '../words.ts';
import { isNull, valueOf, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';
import { readBoolean, readNumber, readText, type BuildContext } from './context.ts';

type Strategy = SpecShardedTable['strategy'];

const keysOf: Readonly<Record<Strategy, readonly string[]>> = { hash: ['modulus', 'remainder'], range: ['from', 'to'], list: ['values'] };

/** The bound of a partition of a table whose strategy only the server knows: what is given says which it would be. */
export function buildAnyBound(entry: MapEntry, node: MapNode, context: BuildContext): SpecBound | undefined {
  const strategy = (['hash', 'range', 'list'] as const).find((one) => keysOf[one].some((key) => valueOf(node, key) !== undefined));
  if (strategy !== undefined || valueOf(node, 'default') !== undefined) return buildBound(entry, node, strategy ?? 'range', context);
  context.problems.add(entry.keyAt, `the partition ${shown(entry.key)} has no bounds`, 'give it `modulus` and `remainder`, `from` and `to`, `values`, or `default: true`');
  return undefined;
}

/** The bound of a partition; undefined where something is wrong with it. */
export function buildBound({ key, keyAt }: MapEntry, node: MapNode, strategy: Strategy, context: BuildContext): SpecBound | undefined {
  const wanted = keysOf[strategy];
  const given = ['modulus', 'remainder', 'from', 'to', 'values'].filter((one) => valueOf(node, one) !== undefined);
  const stray = given.find((one) => !wanted.includes(one));
  const hint = `a partition by ${strategy} has ${wanted.map((one) => `\`${one}\``).join(' and ')}${strategy === 'hash' ? '' : ', or `default: true`'}`;
  if (stray !== undefined) {
    context.problems.add(valueOf(node, stray)?.at ?? keyAt, `\`${stray}\` is no bound of a partition by ${strategy}`, hint);
    return undefined;
  }
  if (readBoolean(valueOf(node, 'default')) === true) {
    if (given.length === 0 && strategy !== 'hash') return { kind: 'default' };
    const why = strategy === 'hash' ? 'a table that is partitioned by hash has no default partition' : 'a default partition has no other bounds';
    context.problems.add(valueOf(node, 'default')?.at ?? keyAt, why, hint);
    return undefined;
  }
  const missing = wanted.find((one) => !given.includes(one));
  if (missing !== undefined) {
    context.problems.add(keyAt, `the partition ${shown(key)} has no \`${missing}\``, hint);
    return undefined;
  }
  switch (strategy) {
    case 'hash':
      return hashBound(node, keyAt, context);
    case 'range':
      return { kind: 'range', from: boundValues(valueOf(node, 'from'), true, context), to: boundValues(valueOf(node, 'to'), true, context) };
    case 'list':
      return { kind: 'list', values: boundValues(valueOf(node, 'values'), false, context) };
  }
}

function hashBound(node: MapNode, at: SourceSpan, context: BuildContext): SpecBound | undefined {
  const modulus = readNumber(valueOf(node, 'modulus'));
  const remainder = readNumber(valueOf(node, 'remainder'));
  if (modulus === undefined || remainder === undefined) return undefined;
  if (modulus >= 1 && remainder < modulus) return { kind: 'hash', modulus, remainder };
  if (modulus < 1) context.problems.add(valueOf(node, 'modulus')?.at ?? at, 'the modulus must be at least 1');
  else context.problems.add(valueOf(node, 'remainder')?.at ?? at, `the remainder must be less than the modulus, ${modulus}`);
  return undefined;
}

/** MINVALUE and MAXVALUE are words where YAML has no quotes around them. */
function boundValues(node: Node | undefined, words: boolean, context: BuildContext): readonly BoundValue[] {
  const items = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item): readonly BoundValue[] => {
    if (isNull(item)) return ['null'];
    const word = (['minvalue', 'maxvalue'] as const).find((one) => words && item.kind === 'scalar' && item.plain && item.text.toLowerCase() === one);
    if (word !== undefined) return [word];
    const text = readText(item, context);
    return text === undefined ? [] : [{ text: text.value }];
  });
}
