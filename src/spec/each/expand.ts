import type { SourceSpan } from '../../base/source.ts';
import type { ProblemList } from '../problem-list.ts';
import { placeOf, shown } from '../words.ts';
import { type MapEntry, type MapNode, type Node, valueOf } from '../yaml/node.ts';
import { itemsOf } from './items.ts';
import { hasPlaceholder, substituteEntry } from './substitute.ts';

/** The parts of a spec whose entries may have `for_each`. */
const parts: ReadonlySet<string> = new Set(['servers', 'schemas', 'tables']);

/** An entry, and the item that it was made for. */
interface Made {
  readonly entry: MapEntry;
  readonly from?: SourceSpan;
}

/** More values than any spec that somebody wrote would come to. */
const mostNodes = 2_000_000;

/**
 * A spec with an entry for each item in place of every entry that has `for_each`. All else stays, places too: an entry
 * that was made so stands where its template does.
 */
export function expandEach(root: MapNode, problems: ProblemList): MapNode {
  return root.with(root.entries.map((entry) => (parts.has(entry.key) && entry.value.kind === 'map' ? entry.with({ value: expandPart(entry.value, problems) }) : entry)));
}

function expandPart(part: MapNode, problems: ProblemList): MapNode {
  const made = new Map<string, Made>();
  let nodes = 0;
  for (const entry of part.entries) {
    const each = entry.value.kind === 'map' ? valueOf(entry.value, 'for_each') : undefined;
    if (each === undefined) refuseStrays(entry, problems);
    const items = each === undefined ? undefined : itemsOf(each, problems);
    nodes += entry.value.size * (items?.length ?? 1);
    if (nodes > mostNodes) {
      problems.add(entry.keyAt, `with all that \`for_each\` makes, the spec has more than ${mostNodes} values`);
      break;
    }
    if (each !== undefined && (items ?? []).length > 1 && !hasPlaceholder(entry.key)) {
      problems.add(entry.keyAt, `${shown(entry.key)} is the name of all that its \`for_each\` makes`, 'put `${each}` into the name');
      continue;
    }
    const copies: readonly Made[] = each === undefined ? [{ entry }] : (items ?? []).map((item) => ({ entry: substituteEntry(entry.with({ value: without(entry.value, 'for_each') }), item, problems), from: item.at }));
    for (const copy of copies) {
      const earlier = made.get(copy.entry.key);
      if (earlier === undefined) made.set(copy.entry.key, copy);
      else problems.add(placeOfMade(copy), `${shown(copy.entry.key)} is given twice`, `it is also given at ${placeOf(placeOfMade(earlier))}`);
    }
  }
  return part.with([...made.values()].map(({ entry }) => entry));
}

/** Names are not looked at for references to the environment, so that a placeholder in one would pass as a part of it. */
function refuseStrays({ key, keyAt, value }: MapEntry, problems: ProblemList): void {
  if (hasPlaceholder(key)) problems.add(keyAt, `there is no \`for_each\` that the placeholder in ${shown(key)} could stand for`, 'add `for_each: […]` to the server, schema or table');
  if (value.kind === 'map') for (const entry of value.entries) refuseStrays(entry, problems);
}

/** The item that an entry was made for, or where it is written. */
function placeOfMade({ entry, from }: Made): SourceSpan {
  return from ?? entry.keyAt;
}

function without(node: Node, key: string): Node {
  return node.kind === 'map' ? node.with(node.entries.filter((entry) => entry.key !== key)) : node;
}
