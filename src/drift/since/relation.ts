import type { DriftClass } from '../../model/drift.ts';
import type { DriftId } from '../../model/drift-rules.ts';
import { nameKey, type QualifiedName } from '../../model/name.ts';
import type { RemoteColumn, RemoteRelation } from '../../model/remote-relation.ts';
import { useKey } from '../../model/remote-type.ts';
import type { RemoteKey, SnapshotServer } from '../../model/snapshot.ts';
import { found, type Found } from './found.ts';
import { renamedSince } from './renames.ts';

/** How people read types, then and now. */
export interface Texts {
  readonly before: SnapshotServer['typeTexts'];
  readonly now: SnapshotServer['typeTexts'];
}

/** What a relation that is still there has changed, but for its keys. */
export function relationSince(before: RemoteRelation, now: RemoteRelation, texts: Texts): readonly Found[] {
  const columns = new Map(now.columns.map((column) => [column.name, column]));
  const known = new Set(before.columns.map(({ name }) => name));
  const renamed = renamedSince(before, now);
  const taken = new Set([...renamed.values()].map(({ name }) => name));
  const kind = before.kind === now.kind ? [] : [found('relation-kind', 'invisible', undefined, `it was a ${words(before.kind)}, and is a ${words(now.kind)}`)];
  const changed = before.columns.flatMap((column) => {
    const other = columns.get(column.name);
    return other === undefined ? [gone(column, renamed.get(column))] : columnSince(column, other, texts);
  });
  const added = now.columns
    .filter(({ name }) => !known.has(name) && !taken.has(name))
    .map(({ name, type }) => found('column-new', 'invisible', name, `it is new, ${texts.now.get(useKey(type)) ?? type.name}`));
  return [...kind, ...changed, ...added];
}

function gone({ name }: RemoteColumn, renamed: RemoteColumn | undefined): Found {
  if (renamed === undefined) return found('column-gone', 'breaks-now', name, 'it is gone');
  return { ...found('column-renamed', 'breaks-now', name, `it is gone, maybe renamed to ${renamed.name}`), guess: true };
}

function words(kind: RemoteRelation['kind']): string {
  return kind.replaceAll('-', ' ');
}

function columnSince(before: RemoteColumn, now: RemoteColumn, texts: Texts): readonly Found[] {
  const type = texts.before.get(useKey(before.type)) ?? before.type.name;
  const typeNow = texts.now.get(useKey(now.type)) ?? now.type.name;
  const about = (id: DriftId, word: DriftClass, message: string): Found => found(id, word, before.name, message);
  return [
    useKey(before.type) === useKey(now.type) ? [] : about('type-differs', 'will-break', `it was ${type}, and is ${typeNow}`),
    before.notNull && !now.notNull ? about('not-null-broken', 'wrong-results', 'it was NOT NULL, and is no more') : [],
    !before.notNull && now.notNull ? about('not-null-missing', 'invisible', 'it is NOT NULL now') : [],
    key(before.collation) === key(now.collation) ? [] : about('collation-differs', 'wrong-results', `it had ${collation(before)}, and has ${collation(now)}`),
    before.default === now.default ? [] : about('default-differs', 'invisible', `it had ${expression('default', before.default)}, and has ${expression('default', now.default)}`),
    before.computed === now.computed && before.generated === now.generated ? [] : generatedSince(before, now),
  ].flat();
}

function generatedSince(before: RemoteColumn, now: RemoteColumn): Found {
  if (now.computed === undefined) return found('generated-here', 'wrong-results', before.name, 'it was GENERATED, and is no more');
  if (before.computed === undefined) return found('generated-there', 'will-break', before.name, 'it is GENERATED now');
  return found('generated-there', 'invisible', before.name, `it had ${expression('expression', before.generated)}, and has ${expression('expression', now.generated)}`);
}

function expression(what: string, text: string | undefined): string {
  return text === undefined ? `no ${what} that is shown` : `the ${what} ${text}`;
}

function key(name: QualifiedName | undefined): string {
  return name === undefined ? '' : nameKey(name);
}

function collation({ collation: of }: RemoteColumn): string {
  return of === undefined ? 'no collation' : `the collation ${of.schema}.${of.name}`;
}

/** What it has changed of its primary key and unique constraints. */
export function keysSince(before: readonly RemoteKey[], now: readonly RemoteKey[]): readonly Found[] {
  const names = [...new Set([...before, ...now].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [was, is] = [before, now].map((keys) => keyText(keys.find((each) => each.name === name)));
    if (was === is) return [];
    const message = was === undefined ? `a new key, ${is ?? ''}` : is === undefined ? `the key is gone, ${was}` : `the key was ${was}, and is ${is}`;
    return [found('key-differs', 'invisible', name, message)];
  });
}

function keyText(of: RemoteKey | undefined): string | undefined {
  return of === undefined ? undefined : `${of.kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE'} (${of.columns.join(', ')})`;
}
