import { postgresVersion } from '../../base/postgres-version.ts';
import type { DriftFinding } from '../../model/drift.ts';
import { nameKey, type QualifiedName } from '../../model/name.ts';
import type { SnapshotSchema, SnapshotServer } from '../../model/snapshot.ts';
import { compareFindings } from '../find-drift.ts';
import { found, type Found } from './found.ts';
import { keysSince, relationSince, type Texts } from './relation.ts';
import { type Located, renamedRelations } from './renames.ts';
import { typesSince } from './types.ts';

/** A schema of the snapshot that is still there. */
interface Kept {
  readonly before: SnapshotSchema;
  readonly now: SnapshotSchema;
}

interface Placed extends Found {
  readonly table: QualifiedName;
}

/**
 * What a remote has changed since a snapshot was taken. Of each difference the class is what it does to a foreign table that is as the
 * snapshot; there is nothing to mend here.
 *
 * @param now with the relations that the snapshot does not have, too
 * @param elsewhere relations of the names of those that are gone, in any other schema
 */
export function sinceSnapshot(before: SnapshotServer, now: SnapshotServer, elsewhere: readonly QualifiedName[]): readonly DriftFinding[] {
  const known = new Set(before.schemas.flatMap(({ remote }) => remote.names.map((name) => nameKey({ schema: remote.name, name }))));
  const strays = elsewhere.filter((stray) => !known.has(nameKey(stray)));
  const kept = before.schemas.flatMap((schema): readonly Kept[] => {
    const other = now.schemas.find(({ remote }) => remote.name === schema.remote.name);
    return other?.remote.exists === true ? [{ before: schema, now: other }] : [];
  });
  const gone = before.schemas.filter((schema) => !kept.some((each) => each.before === schema));
  const renamed = renamedRelations(kept.flatMap(goneFrom), kept.flatMap(newIn), strays);
  const ofServer = [...settingsSince(before, now), ...extensionsSince(before, now), ...gone.map((schema) => goneSchema(schema, strays)), ...typesSince(before, now)];
  const texts = { before: before.typeTexts, now: now.typeTexts };
  return [
    ...ofServer.map((each) => finding(now.name, undefined, each)),
    ...kept.flatMap((each) => schemaSince(each, texts, renamed)).map((each) => finding(now.name, each.table, each)),
  ].sort(compareFindings);
}

function finding(server: string, table: QualifiedName | undefined, { id, class: word, subject, message, guess = false }: Found): DriftFinding {
  return { id, class: word, server, tables: table === undefined ? [] : [table], subject, message, guess, mend: [] };
}

function settingsSince(before: SnapshotServer, now: SnapshotServer): readonly Found[] {
  const collation = ({ collation: { provider, locale } }: SnapshotServer): string => `${provider} ${locale}`;
  const version = ({ versionNum }: SnapshotServer): string => `PostgreSQL ${postgresVersion(versionNum)}`;
  return [
    ...(collation(before) === collation(now) ? [] : [found('database-collation', 'wrong-results', undefined, `the database had the collation ${collation(before)}, and has ${collation(now)}`)]),
    ...(before.versionNum === now.versionNum ? [] : [found('version-differs', 'invisible', undefined, `it was ${version(before)}, and is ${version(now)}`)]),
  ];
}

/** An extension of which nothing is left takes its types, functions and operators with it. */
function extensionsSince(before: SnapshotServer, now: SnapshotServer): readonly Found[] {
  return [...new Set([...before.extensions.keys(), ...now.extensions.keys()])].sort().flatMap((name) => {
    const [was, is] = [before.extensions.get(name), now.extensions.get(name)];
    if (was === is) return [];
    if (is === undefined) return [found('extension-differs', 'breaks-now', name, `extension ${name} ${was ?? ''} is gone: what is sent there of it fails`)];
    return [found('extension-differs', 'invisible', name, was === undefined ? `extension ${name} ${is} is new` : `extension ${name} was ${was}, and is ${is}`)];
  });
}

/** One finding, however much was in it. Another schema that has all of it, under the same names, may be it. */
function goneSchema({ remote: { name: schema, relations } }: SnapshotSchema, strays: readonly QualifiedName[]): Found {
  const others = [...new Set(strays.map((stray) => stray.schema))];
  const [heir, ...more] = others.filter((other) => relations.length > 0 && relations.every(({ name }) => strays.some((stray) => stray.schema === other && stray.name === name)));
  const what = `schema ${schema} is gone, with ${relations.length === 1 ? '1 relation' : `${relations.length} relations`}`;
  if (heir === undefined || more.length > 0) return found('schema-gone', 'breaks-now', schema, what);
  return { ...found('schema-gone', 'breaks-now', schema, `${what}, maybe renamed to ${heir}`), guess: true };
}

function goneFrom({ before, now }: Kept): readonly Located[] {
  const left = new Set(now.remote.relations.map(({ name }) => name));
  return located(before, (name) => !left.has(name));
}

/** Partitions come and go, and are imported only where they are named. */
function newIn({ before, now }: Kept): readonly Located[] {
  const known = new Set([...before.remote.names, ...now.remote.partitions]);
  return located(now, (name) => !known.has(name));
}

function located({ remote: { name: schema, relations } }: SnapshotSchema, of: (name: string) => boolean): readonly Located[] {
  return relations.filter(({ name }) => of(name)).map((relation) => ({ schema, name: relation.name, relation }));
}

function schemaSince({ before, now }: Kept, texts: Texts, renamed: ReadonlyMap<string, QualifiedName>): readonly Placed[] {
  const schema = before.remote.name;
  const relations = new Map(now.remote.relations.map((relation) => [relation.name, relation]));
  const changed = before.remote.relations.flatMap((relation) => {
    const table = { schema, name: relation.name };
    const other = relations.get(relation.name);
    const differences = other === undefined ? [goneRelation(schema, renamed.get(nameKey(table)))] : [
      ...relationSince(relation, other, texts),
      ...keysSince(before.keys.get(relation.name) ?? [], now.keys.get(relation.name) ?? []),
    ];
    return differences.map((each) => ({ table, ...each }));
  });
  const taken = new Set([...renamed.values()].map(nameKey));
  const added = newIn({ before, now }).filter((each) => !taken.has(nameKey(each)));
  return [...changed, ...added.map(({ name }) => ({ table: { schema, name }, ...found('relation-new', 'invisible', undefined, 'it is new') }))];
}

function goneRelation(schema: string, to: QualifiedName | undefined): Found {
  if (to === undefined) return found('relation-gone', 'breaks-now', undefined, 'it is gone');
  const what = to.schema === schema ? `renamed to ${to.name}` : `moved to ${to.schema}.${to.name}`;
  return { ...found('relation-gone', 'breaks-now', undefined, `it is gone, maybe ${what}`), guess: true };
}
