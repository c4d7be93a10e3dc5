import { nameKey } from '../../model/name.ts';
import type { RemoteType } from '../../model/remote-type.ts';
import type { SnapshotServer } from '../../model/snapshot.ts';
import { found, type Found } from './found.ts';

/** Types that are on both sides; where a column has another one, that is told of the column. */
export function typesSince(before: SnapshotServer, now: SnapshotServer): readonly Found[] {
  const types = typesOf(now);
  return [...typesOf(before)].flatMap(([name, type]) => {
    const other = types.get(name);
    return other === undefined || JSON.stringify(type) === JSON.stringify(other) ? [] : typeSince(type, other);
  });
}

function typesOf({ schemas }: SnapshotServer): ReadonlyMap<string, RemoteType> {
  return new Map(schemas.flatMap(({ remote }) => remote.types.map((type) => [nameKey(type), type])));
}

function typeSince(before: RemoteType, now: RemoteType): Found {
  const subject = `${before.schema}.${before.name}`;
  if (before.kind === 'enum' && now.kind === 'enum') {
    const sameLabels = [...before.labels].sort().join('\0') === [...now.labels].sort().join('\0');
    const [id, word] = sameLabels ? (['enum-order', 'wrong-results'] as const) : (['enum-labels', 'will-break'] as const);
    return found(id, word, subject, `type ${subject} had the labels ${before.labels.join(', ')}, and has ${now.labels.join(', ')}`);
  }
  if (now.kind === 'composite') return found('composite-differs', 'breaks-now', subject, `type ${subject} has other attributes, or others in their place`);
  return found('domain-differs', 'will-break', subject, `type ${subject} is defined otherwise`);
}
