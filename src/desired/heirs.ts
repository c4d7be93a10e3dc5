import type { Problem } from '../base/spec-error.ts';
import type { Check } from '../model/check.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import type { Parent } from '../model/parent.ts';
import { qualified } from '../sql/quote.ts';
import type { Placed } from '../spec/types.ts';
import type { DraftTable } from './draft-table.ts';

/** A foreign table of the spec, and what the spec says that it is part of. */
export interface Heir {
  readonly draft: DraftTable;
  readonly table: ForeignTable;
}

/** The parents that the spec names for a table. */
export function parentsOf({ parents: { inherits = [], partitionOf } }: DraftTable): readonly Placed<QualifiedName>[] {
  return partitionOf === undefined || partitionOf === 'none' ? inherits : [...inherits, partitionOf.parent];
}

/** Tables each after its parents. There are no circles: the spec has been read. */
export function parentsFirst(heirs: readonly Heir[]): readonly Heir[] {
  const byName = new Map(heirs.map((heir) => [nameKey(heir.table), heir]));
  const ordered = new Set<Heir>();
  const visit = (heir: Heir): void => {
    if (ordered.has(heir)) return;
    for (const { value } of parentsOf(heir.draft)) {
      const parent = byName.get(nameKey(value));
      if (parent !== undefined) visit(parent);
    }
    ordered.add(heir);
  };
  heirs.forEach(visit);
  return [...ordered];
}

/**
 * What is wrong with the parents of a table that can be seen without trying.
 * @param found those that are no foreign tables of the spec, by `nameKey`
 * @param own the foreign tables of the spec, by `nameKey`
 */
export function parentProblems({ draft, table }: Heir, found: ReadonlyMap<string, Parent>, own: ReadonlyMap<string, unknown>): readonly Problem[] {
  const { inherits = [], partitionOf } = draft.parents;
  const what = ({ value }: Placed<QualifiedName>): string | undefined => (own.has(nameKey(value)) ? 'foreign table' : found.get(nameKey(value))?.what);
  const subject = `foreign table ${qualified(table)}`;
  const missing = ({ value, at }: Placed<QualifiedName>): Problem => ({ message: `${subject}: there is no table ${qualified(value)}`, at, hint: 'create it before, or name it under `tables` if it shall be a foreign table' });
  const inherited = inherits.flatMap((parent): readonly Problem[] => {
    const kind = what(parent);
    if (kind === undefined) return [missing(parent)];
    if (kind === 'table' || kind === 'foreign table') return [];
    return [{ message: `${subject}: nothing inherits from the ${kind} ${qualified(parent.value)}`, at: parent.at, hint: kind === 'partitioned table' ? 'name it under `partition_of`, with the bounds' : undefined }];
  });
  if (partitionOf === undefined || partitionOf === 'none') return inherited;
  const { parent } = partitionOf;
  const kind = what(parent);
  if (kind === undefined) return [...inherited, missing(parent)];
  if (kind !== 'partitioned table') return [...inherited, { message: `${subject}: the ${kind} ${qualified(parent.value)} has no partitions`, at: parent.at, hint: kind.endsWith('table') ? 'name it under `inherits`' : undefined }];
  const obstacles = found.get(nameKey(parent.value))?.obstacles ?? [];
  if (obstacles.length === 0) return inherited;
  return [...inherited, { message: `${subject}: ${qualified(parent.value)} has the ${obstacles.join(', the ')}, and PostgreSQL takes no foreign table as a partition then`, at: parent.at }];
}

/** The checks that a table gets from its parents, each once; one that is not valid there is valid in what joins them. */
export function handedDown(heir: Heir, checksOf: (parent: QualifiedName) => readonly Check[]): readonly Check[] {
  return [...new Map(parentsOf(heir.draft).flatMap(({ value }) => checksOf(value)).map((check) => [check.name, { ...check, notValid: false }])).values()];
}
