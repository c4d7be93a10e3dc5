import type { DriftClass, DriftFinding } from '../model/drift.ts';
import type { DriftId } from '../model/drift-rules.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { RemoteColumn, RemoteRelation } from '../model/remote-relation.ts';
import { type RemoteType, useKey } from '../model/remote-type.ts';
import type { RemoteKey, SnapshotSchema, SnapshotServer } from '../model/snapshot.ts';

/** What a finding is, but for where. */
type Found = Pick<DriftFinding, 'id' | 'class' | 'subject' | 'message'>;

const found = (id: DriftId, word: DriftClass, subject: string | undefined, message: string): Found => ({ id, class: word, subject, message });

/**
 * What a remote has changed since a snapshot was taken. Of each difference the class is what it does to a foreign table that is as the
 * snapshot; there is nothing to mend here.
 */
export function sinceSnapshot(before: SnapshotServer, now: SnapshotServer): readonly DriftFinding[] {
  const text = { before: before.typeTexts, now: now.typeTexts };
  const schemas = before.schemas.flatMap((schema) => {
    const other = now.schemas.find(({ remote }) => remote.name === schema.remote.name);
    return other === undefined ? [] : schemaSince(schema, other, text);
  });
  const collation = `${before.collation.provider} ${before.collation.locale}`;
  const collationNow = `${now.collation.provider} ${now.collation.locale}`;
  const own = collation === collationNow ? [] : [{ table: undefined, ...found('database-collation', 'wrong-results', undefined, `the database had the collation ${collation}, and has ${collationNow}`) }];
  return [...own, ...schemas, ...typesSince(before, now)].map(({ table, ...rest }) => ({ ...rest, server: now.name, tables: table === undefined ? [] : [table], guess: false, mend: [] }));
}

interface Placed extends Found {
  readonly table: QualifiedName | undefined;
}

interface Texts {
  readonly before: SnapshotServer['typeTexts'];
  readonly now: SnapshotServer['typeTexts'];
}

function schemaSince(before: SnapshotSchema, now: SnapshotSchema, texts: Texts): readonly Placed[] {
  const schema = before.remote.name;
  const relations = new Map(now.remote.relations.map((relation) => [relation.name, relation]));
  const known = new Set(before.remote.names);
  const partitions = new Set(now.remote.partitions);
  const changed = before.remote.relations.flatMap((relation) => {
    const other = relations.get(relation.name);
    const differences = other === undefined ? [found('relation-gone', 'breaks-now', undefined, 'it is gone')] : [
      ...relationSince(relation, other, texts),
      ...keysSince(before.keys.get(relation.name) ?? [], now.keys.get(relation.name) ?? []),
    ];
    return differences.map((each) => ({ table: { schema, name: relation.name }, ...each }));
  });
  // Partitions come and go, and are imported only where they are named.
  const added = now.remote.names.filter((name) => !known.has(name) && !partitions.has(name));
  return [...changed, ...added.map((name) => ({ table: { schema, name }, ...found('relation-new', 'invisible', undefined, 'it is new') }))];
}

function relationSince(before: RemoteRelation, now: RemoteRelation, texts: Texts): readonly Found[] {
  const columns = new Map(now.columns.map((column) => [column.name, column]));
  const known = new Set(before.columns.map(({ name }) => name));
  const kind = before.kind === now.kind ? [] : [found('relation-kind', 'invisible', undefined, `it was a ${words(before.kind)}, and is a ${words(now.kind)}`)];
  const changed = before.columns.flatMap((column) => {
    const other = columns.get(column.name);
    return other === undefined ? [found('column-gone', 'breaks-now', column.name, 'it is gone')] : columnSince(column, other, texts);
  });
  const added = now.columns.filter(({ name }) => !known.has(name)).map(({ name, type }) => found('column-new', 'invisible', name, `it is new, ${texts.now.get(useKey(type)) ?? type.name}`));
  return [...kind, ...changed, ...added];
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

function keysSince(before: readonly RemoteKey[], now: readonly RemoteKey[]): readonly Found[] {
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

/** Types that are on both sides; where a column has another one, that is told of the column. */
function typesSince(before: SnapshotServer, now: SnapshotServer): readonly Placed[] {
  const types = typesOf(now);
  return [...typesOf(before)].flatMap(([name, type]) => {
    const other = types.get(name);
    return other === undefined || JSON.stringify(type) === JSON.stringify(other) ? [] : { table: undefined, ...typeSince(type, other) };
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
