import { nearest } from '../../base/nearest.ts';
import type { SourceSpan } from '../../base/source.ts';
import { positionsOf } from '../positions.ts';
import type { ProblemList } from '../problem-list.ts';
import { anyOf } from '../words.ts';
import type { MapEntry, Node } from '../yaml/node.ts';
import type { Item } from './items.ts';

/** `${each}` or `${each.name}`; `$${` is a literal `${`, and stays for whoever reads the text later. */
const placeholder = /\$\$\{|\$\{each(?:\.([^}]*))?\}/g;

/** Whether a text has a placeholder of `for_each` in it. */
export function hasPlaceholder(text: string): boolean {
  return [...text.matchAll(placeholder)].some(([found]) => found !== '$${');
}

/** A tree with one item's texts in place of its placeholders, in values and in names. */
export function substitute(node: Node, item: Item, problems: ProblemList): Node {
  switch (node.kind) {
    case 'scalar': {
      if (!node.text.includes('${each')) return node;
      return { ...node, text: fill(node.text, item, problems, (written) => placeOf(node, written)) };
    }
    case 'list':
      return { ...node, items: node.items.map((one) => substitute(one, item, problems)) };
    case 'map':
      return { ...node, entries: node.entries.map((entry) => ({ ...substituteKey(entry, item, problems), value: substitute(entry.value, item, problems) })) };
  }
}

/** The same for the name of an entry alone. */
export function substituteKey(entry: MapEntry, item: Item, problems: ProblemList): MapEntry {
  return { ...entry, key: fill(entry.key, item, problems, () => entry.keyAt) };
}

function fill(text: string, { texts }: Item, problems: ProblemList, at: (written: string) => SourceSpan): string {
  return text.replaceAll(placeholder, (written: string, name: string | undefined) => {
    if (written === '$${') return written;
    const value = texts.get(name ?? '');
    if (value === undefined) problems.add(at(written), `no element of \`for_each\` is called so: \`${written}\``, hintFor(name, texts));
    // Nobody else shall complain of it.
    return value ?? `$${written}`;
  });
}

function hintFor(name: string | undefined, texts: Item['texts']): string {
  const known = [...texts.keys()].map((key) => (key === '' ? '${each}' : `\${each.${key}}`));
  const near = name === undefined ? undefined : nearest(name, [...texts.keys()].filter((key) => key !== ''));
  if (near !== undefined) return `did you mean \`\${each.${near}}\`?`;
  return known.length === 0 ? 'the element is empty' : `it has ${anyOf(known)}`;
}

/** Where a placeholder is written; the whole value where it is not found (escapes, folded lines). */
function placeOf(node: Node, written: string): SourceSpan {
  const positions = positionsOf(node.at.source);
  const found = positions.source.text.indexOf(written, node.range.start);
  return found >= 0 && found < node.range.end ? positions.span({ start: found, end: found + written.length }) : node.at;
}
