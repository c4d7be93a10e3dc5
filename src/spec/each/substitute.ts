import { nearest } from '../../base/nearest.ts';
import type { SourceSpan } from '../../base/source.ts';
import { Place } from '../positions.ts';
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
function substitute(node: Node, item: Item, problems: ProblemList): Node {
  switch (node.kind) {
    case 'scalar': {
      if (!node.text.includes('${each')) return node;
      return node.with(fill(node.text, item, problems, (written) => placeOf(node, written)));
    }
    case 'list':
      return node.with(node.items.map((one) => substitute(one, item, problems)));
    case 'map':
      return node.with(node.entries.map((entry) => substituteEntry(entry, item, problems)));
  }
}

/** The same for an entry, with its name. */
export function substituteEntry(entry: MapEntry, item: Item, problems: ProblemList): MapEntry {
  return entry.with({ key: fill(entry.key, item, problems, () => entry.keyAt), value: substitute(entry.value, item, problems) });
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
function placeOf({ source, start, end, at }: Node, written: string): SourceSpan {
  const found = source.text.indexOf(written, start);
  return found >= 0 && found < end ? new Place(source, found, found + written.length) : at;
}
