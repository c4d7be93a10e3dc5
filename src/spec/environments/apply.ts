import { nearest } from '../../base/nearest.ts';
import type { ProblemList } from '../problem-list.ts';
import { specShape } from '../schema/spec-shape.ts';
import { anyOf, shown } from '../words.ts';
import { isNull, type MapEntry, type MapNode } from '../yaml/node.ts';
import { mergeOver } from './merge.ts';

/**
 * The spec in one of its environments.
 *
 * @param name of the environment; undefined: the spec as it stands
 * @returns undefined where there is no such environment, or where the structure is wrong already
 */
export function inEnvironment(root: MapNode, name: string | undefined, problems: ProblemList, warnings: ProblemList): MapNode | undefined {
  if (name === undefined) return root;
  const entry = root.entries.find(({ key }) => key === 'environments');
  const all = entry === undefined || isNull(entry.value) ? undefined : entry.value;
  const known = all?.kind === 'map' ? all.entries : [];
  const chosen = known.find((entry) => entry.key === name);
  if (chosen === undefined) {
    problems.add(entry?.keyAt ?? root.at, `the spec has no environment ${shown(name)}`, hintFor(name, known));
    return undefined;
  }
  // What is wrong with an environment would show up in what it is laid over as something else.
  if (!problems.empty) return undefined;
  if (isNull(chosen.value)) return root;
  const merged = mergeOver(root, chosen.value, specShape, ({ key, keyAt }) => {
    warnings.add(keyAt, `there is no ${shown(key)} here that null could remove`, 'an entry without settings is written `{}` in an environment');
  });
  return merged.kind === 'map' ? merged : root;
}

function hintFor(name: string, known: readonly MapEntry[]): string {
  const names = known.map(({ key }) => key);
  const near = nearest(name, names.slice(0, mostCompared));
  if (near !== undefined) return `did you mean \`--env ${near}\`?`;
  if (names.length === 0) return 'add it under `environments`, or leave out --env';
  return names.length <= 8 ? `it has ${anyOf(names)}` : 'add it under `environments`';
}

/** Comparing with more names takes longer than anyone wants to wait for a hint. */
const mostCompared = 500;
