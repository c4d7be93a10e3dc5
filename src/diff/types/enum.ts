import type { LabelChange } from '../../model/type-change.ts';
import type { EnumType } from '../../model/user-types.ts';

/**
 * The labels to rename and then to add, in an order in which each one's neighbour is there already; undefined
 * where the labels cannot be had so (one would have to go, or move).
 *
 * PostgreSQL cannot take a label out of an enum. So a label that is gone, with exactly one new label between the
 * same neighbours, has been renamed; with more than one it cannot be told which.
 */
export function diffEnum(after: EnumType, before: EnumType): readonly LabelChange[] | undefined {
  const renames = renamesBetween(after.labels, before.labels);
  if (renames === undefined) return undefined;
  const names = new Map(renames);
  const labels = before.labels.map((label) => names.get(label) ?? label);
  const present = new Set(labels);
  const kept = after.labels.filter((label) => present.has(label));
  if (!kept.every((label, index) => label === labels[index])) return undefined;
  return [
    ...renames.map(([from, to]): LabelChange => ({ kind: 'rename-label', before: from, after: to })),
    ...after.labels.flatMap((label, index): readonly LabelChange[] =>
      present.has(label) ? [] : [{ kind: 'add-label', label, after: index === 0 ? undefined : after.labels[index - 1] }],
    ),
  ];
}

/** Old and new names; undefined where a label is gone without one. */
function renamesBetween(after: readonly string[], before: readonly string[]): readonly (readonly [before: string, after: string])[] | undefined {
  const wanted = new Set(after);
  const present = new Set(before);
  const gone = runs(before, wanted);
  const fresh = runs(after, present);
  const renames: (readonly [string, string])[] = [];
  for (const [neighbours, labels] of gone) {
    const [label, another] = labels;
    const [name, more] = fresh.get(neighbours) ?? [];
    if (label === undefined || another !== undefined || name === undefined || more !== undefined) return undefined;
    renames.push([label, name]);
  }
  return renames;
}

/** The runs of labels that the other side lacks, by the labels between which each stands. */
function runs(labels: readonly string[], others: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  let run: string[] = [];
  let left: string | undefined;
  for (const label of [...labels, undefined]) {
    if (label !== undefined && !others.has(label)) {
      run.push(label);
      continue;
    }
    if (run.length > 0) found.set(JSON.stringify([left ?? null, label ?? null]), run);
    run = [];
    left = label;
  }
  return found;
}
