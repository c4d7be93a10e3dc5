import type { Difference } from '../../model/change.ts';
import type { TypeDifference } from '../../model/type-change.ts';
import type { UserType } from '../../model/user-types.ts';
import { diffFacets } from '../facets.ts';
import { diffComposite } from './composite.ts';
import { diffDomain } from './domain.ts';
import { diffEnum } from './enum.ts';
import { diffRange } from './range.ts';

/** What turns one type into another of the same name. */
export function diffType(after: UserType, before: UserType): Partial<Difference> {
  const facets = diffFacets(after, before);
  const update = (difference: TypeDifference): Partial<Difference> => (difference.changes.length + facets.length === 0 ? {} : { changes: [{ action: 'update', ...difference, facets }] });
  if (after.kind === 'enum' && before.kind === 'enum') {
    const changes = diffEnum(after, before);
    if (changes === undefined) {
      return impossible(after, `its labels are ${list(before.labels)}, and shall be ${list(after.labels)}: PostgreSQL can add and rename labels of an enum, not remove or move them, and which one was renamed cannot be told here`);
    }
    return update({ kind: 'enum', after, changes });
  }
  if (after.kind === 'domain' && before.kind === 'domain') {
    const changes = diffDomain(after, before);
    if (changes === undefined) return impossible(after, `it is a domain over ${below(before)}, and shall be one over ${below(after)}, for which SQL has no ALTER`);
    return update({ kind: 'domain', after, changes });
  }
  if (after.kind === 'composite' && before.kind === 'composite') {
    return update({ kind: 'composite', after, changes: diffComposite(after, before) });
  }
  if (after.kind === 'range' && before.kind === 'range') {
    const differs = diffRange(after, before);
    if (differs.length > 0) return impossible(after, `its ${differs.join(', its ')} ${differs.length === 1 ? 'is not what it' : 'are not what they'} shall be, and SQL has no ALTER for that`);
    return update({ kind: 'range', after, changes: [] });
  }
  return impossible(after, `it is ${nouns[before.kind]}, and shall be ${nouns[after.kind]}`);
}

const nouns: Readonly<Record<UserType['kind'], string>> = { enum: 'an enum', domain: 'a domain', composite: 'a composite type', range: 'a range type' };

function impossible(object: UserType, message: string): Partial<Difference> {
  return { impossible: [{ object, message, todo: 'Rename, rebuild or drop the local type by hand, then plan again.' }] };
}

function below({ base, collation }: Extract<UserType, { kind: 'domain' }>): string {
  return collation === undefined ? base : `${base} collate ${collation.schema}.${collation.name}`;
}

function list(labels: readonly string[]): string {
  return `(${labels.join(', ')})`;
}
