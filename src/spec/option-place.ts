import type { SourceSpan } from '../base/source.ts';
import { ProblemList } from './problem-list.ts';
import type { MapEntry, Node } from './yaml/node.ts';
import { parseYaml } from './yaml/parse.ts';

/**
 * Where an option of a table or a column is written. A spec of ten thousand tables keeps no place for each of their options: the
 * text is read once more where one is wanted.
 *
 * @param at where the table, or the column, is named
 * @returns the option's key; undefined where it is not written under that name
 */
export function optionPlaceWithin(at: SourceSpan, option: string): SourceSpan | undefined {
  const { node } = parseYaml(at.source, new ProblemList());
  const entry = node === undefined ? undefined : entryAt(node, at);
  return entry === undefined ? undefined : optionIn(entry.value, option)?.keyAt;
}

function entryAt(node: Node, at: SourceSpan): MapEntry | undefined {
  const inside = node.kind === 'list' ? node.items : [];
  for (const item of inside) {
    const found = entryAt(item, at);
    if (found !== undefined) return found;
  }
  if (node.kind !== 'map') return undefined;
  for (const entry of node.entries) {
    const { line, column } = entry.keyAt;
    const found = line === at.line && column === at.column ? entry : entryAt(entry.value, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Under `options`, or by itself where it has a key of its own (`column_name`). */
function optionIn(node: Node, option: string): MapEntry | undefined {
  if (node.kind !== 'map') return undefined;
  const options = node.entries.find(({ key }) => key === 'options')?.value;
  return (options === undefined ? undefined : entryOf(options, option)) ?? entryOf(node, option);
}

function entryOf(node: Node, key: string): MapEntry | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}
