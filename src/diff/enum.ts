import type { EnumType } from '../model/objects.ts';
import type { LabelAddition } from '../model/change.ts';

/**
 * The labels to add, in an order in which each one's neighbour is there already; undefined where the labels
 * cannot be had by adding (one would have to go, or move).
 */
export function diffEnum(after: EnumType, before: EnumType): readonly LabelAddition[] | undefined {
  const present = new Set(before.labels);
  const kept = after.labels.filter((label) => present.has(label));
  const sameOrder = kept.length === before.labels.length && kept.every((label, index) => label === before.labels[index]);
  if (!sameOrder) return undefined;
  return after.labels.flatMap((label, index) =>
    present.has(label) ? [] : [{ label, after: index === 0 ? undefined : after.labels[index - 1] }],
  );
}
