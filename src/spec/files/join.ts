import type { ProblemList } from '../problem-list.ts';
import type { Shape } from '../schema/shape.ts';
import { placeOf, shown } from '../words.ts';
import { isNull, ListNode, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';

/**
 * Files of one spec as one tree: what the user names (servers, tables, environments …) is put together and must differ,
 * lists follow each other, and any other value may stand in one file only. Values of the wrong kind are
 * the structural check's business.
 *
 * @param roots at least one
 */
export function joinFiles(roots: readonly MapNode[], shape: Shape, problems: ProblemList): MapNode {
  const [first, ...others] = roots.map(withoutOwn);
  if (first === undefined) throw new Error('a spec without files');
  if (others.length === 0) return first;
  return joinObjects([first, ...others], first, shape, problems);
}

/** What every file has for itself. */
function withoutOwn(root: MapNode, index: number): MapNode {
  return root.with(root.entries.filter(({ key }) => key !== 'include' && (index === 0 || key !== 'version')));
}

/** Each key with all that the files say of it. */
function joinObjects(nodes: readonly MapNode[], first: MapNode, shape: Shape, problems: ProblemList): MapNode {
  const said = new Map<string, MapEntry[]>();
  for (const entry of nodes.flatMap(({ entries }) => entries)) {
    if (isNull(entry.value)) continue;
    const all = said.get(entry.key);
    if (all === undefined) said.set(entry.key, [entry]);
    else all.push(entry);
  }
  const keys = shape.kind === 'object' ? shape.keys : {};
  const entries = [...said.values()].flatMap((all) => joinEntries(all, Object.hasOwn(keys, all[0]?.key ?? '') ? keys[all[0]?.key ?? ''] : undefined, problems));
  return first.with(entries, nodes.flatMap(({ repeated }) => repeated));
}

function joinEntries(all: readonly MapEntry[], shape: Shape | undefined, problems: ProblemList): readonly MapEntry[] {
  const [first, ...others] = all;
  if (first === undefined || others.length === 0) return all;
  const values = all.map(({ value }) => value);
  const maps = values.filter((value) => value.kind === 'map');
  const [firstMap] = maps;
  if (firstMap !== undefined && maps.length === values.length) {
    if (shape?.kind === 'object') return [first.with({ value: joinObjects(maps, firstMap, shape, problems) })];
    const map = shape?.kind === 'choice' ? shape.map : shape;
    if (map?.kind === 'map') return [first.with({ value: joinMaps(maps, firstMap, map.of, problems) })];
  }
  if (shape?.kind === 'list' || shape?.kind === 'choice') return [first.with({ value: new ListNode(values.flatMap(elements), first.value.at, first.value.size) })];
  if (shape?.kind !== 'map' && shape?.kind !== 'object') {
    for (const { key, keyAt } of others) problems.add(keyAt, `${shown(key)} is given twice`, `it is also given at ${placeOf(first.keyAt)}`);
  }
  return [first];
}

/** Names of the user's, no two alike. */
function joinMaps(nodes: readonly MapNode[], first: MapNode, of: Shape, problems: ProblemList): MapNode {
  const entries = new Map<string, MapEntry>();
  const noun = of.kind === 'object' ? of.noun.replace(/^an? /, '') : 'name';
  for (const entry of nodes.flatMap((node) => node.entries)) {
    const earlier = entries.get(entry.key);
    if (earlier === undefined) entries.set(entry.key, entry);
    else problems.add(entry.keyAt, `the ${noun} ${shown(entry.key)} is given twice`, `it is also given at ${placeOf(earlier.keyAt)}`);
  }
  return first.with([...entries.values()], nodes.flatMap(({ repeated }) => repeated));
}

/** The elements of a list; a map in its place is one. */
function elements(node: Node): readonly Node[] {
  return node.kind === 'list' ? node.items : node.kind === 'map' ? [node] : [];
}
