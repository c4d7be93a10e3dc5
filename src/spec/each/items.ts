import type { SourceSpan } from '../../base/source.ts';
import type { ProblemList } from '../problem-list.ts';
import type { Node } from '../yaml/node.ts';

/** One turn of a `for_each`: the texts that its placeholders stand for. `${each}` has the name ''. */
export interface Item {
  readonly texts: ReadonlyMap<string, string>;
  readonly at: SourceSpan;
}

/** More are no list that somebody wrote. */
const mostItems = 10_000;

/**
 * The items of a `for_each`: those of a list, each a text or a map of texts, or the numbers of a range (`0..3`; with
 * leading zeros, `00..15`, all are as wide).
 *
 * @returns undefined where something is wrong, which then is in `problems`; the structural check has seen to the kinds of values
 */
export function itemsOf(node: Node, problems: ProblemList): readonly Item[] | undefined {
  if (node.kind === 'scalar') return rangeItems(node.text, node.at, problems);
  if (node.kind === 'map') return undefined;
  if (node.items.length > mostItems) {
    problems.add(node.at, `\`for_each\` has ${node.items.length} elements; ${mostItems} are the most`);
    return undefined;
  }
  return node.items.flatMap((item) => {
    if (item.kind === 'scalar') return [{ texts: new Map([['', item.text]]), at: item.at }];
    if (item.kind === 'list') return [];
    const texts = item.entries.map(({ key, value }) => [key, value.kind === 'scalar' ? value.text : ''] as const);
    return [{ texts: new Map(texts), at: item.at }];
  });
}

function rangeItems(text: string, at: SourceSpan, problems: ProblemList): readonly Item[] | undefined {
  const [, from = '', to = ''] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text) ?? [];
  const count = Number(to) - Number(from) + 1;
  if (from === '' || count < 1) {
    problems.add(at, '`for_each` must be a list, or a range of whole numbers that goes up', 'for example `[acme, globex]` or `0..3`');
    return undefined;
  }
  if (count > mostItems) {
    problems.add(at, `\`for_each\` has ${count} elements; ${mostItems} are the most`);
    return undefined;
  }
  const width = from.length > 1 && from.startsWith('0') ? from.length : 0;
  return Array.from({ length: count }, (_, index) => ({ texts: new Map([['', String(Number(from) + index).padStart(width, '0')]]), at }));
}
