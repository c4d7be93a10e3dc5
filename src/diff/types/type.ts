import type { Difference } from '../../model/change.ts';
import type { UserType } from '../../model/user-types.ts';
import { diffComposite } from './composite.ts';
import { diffDomain } from './domain.ts';
import { diffEnum } from './enum.ts';
import { diffRange } from './range.ts';

/** What turns one type into another of the same name. */
export function diffType(after: UserType, before: UserType): Partial<Difference> {
  if (after.kind === 'enum' && before.kind === 'enum') {
    const changes = diffEnum(after, before);
    if (changes === undefined) {
      return impossible(after, `its labels are ${list(before.labels)}, those of the remote ${list(after.labels)}: PostgreSQL can add and rename labels of an enum, not remove or move them, and which one was renamed cannot be told here`);
    }
    return changes.length === 0 ? {} : { changes: [{ action: 'update', kind: 'enum', after, changes }] };
  }
  if (after.kind === 'domain' && before.kind === 'domain') {
    const changes = diffDomain(after, before);
    if (changes === undefined) return impossible(after, `it is a domain over ${below(before)}, on the remote over ${below(after)}, and SQL has no ALTER for that`);
    return changes.length === 0 ? {} : { changes: [{ action: 'update', kind: 'domain', after, changes }] };
  }
  if (after.kind === 'composite' && before.kind === 'composite') {
    const changes = diffComposite(after, before);
    return changes.length === 0 ? {} : { changes: [{ action: 'update', kind: 'composite', after, changes }] };
  }
  if (after.kind === 'range' && before.kind === 'range') {
    const differs = diffRange(after, before);
    return differs.length === 0 ? {} : impossible(after, `its ${differs.join(', its ')} ${differs.length === 1 ? 'is' : 'are'} not as on the remote, and SQL has no ALTER for that`);
  }
  return impossible(after, `it is ${nouns[before.kind]} here and ${nouns[after.kind]} on the remote`);
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
