import { nearest } from '../base/nearest.ts';
import type { Problem } from '../base/spec-error.ts';
import type { RemoteSchema } from '../model/remote-relation.ts';
import { type RemoteType, typesWithin } from '../model/remote-type.ts';
import { nameKey } from '../model/name.ts';
import type { Snapshot, SnapshotSchema } from '../model/snapshot.ts';
import type { Placed, Spec, SpecImportedSchema } from '../spec/types.ts';
import type { Import } from './import.ts';

/** A snapshot, and the file that it is from, for messages. */
export interface NamedSnapshot {
  readonly file: string;
  readonly snapshot: Snapshot;
}

/**
 * What stands behind each imported schema, as a snapshot has it; and where the spec wants what the snapshot does not have.
 * Names that the remote never had are not told here: see `selectRelations`.
 */
export function importsFrom(spec: Spec, from: NamedSnapshot): { readonly imports: readonly Import[]; readonly problems: readonly Problem[] } {
  const found = spec.schemas.map((schema) => importFrom(schema, from));
  return { imports: found.flatMap((each) => each.one ?? []), problems: found.flatMap(({ problems }) => problems) };
}

function importFrom(schema: SpecImportedSchema, { file, snapshot }: NamedSnapshot): { readonly one?: Import; readonly problems: readonly Problem[] } {
  const hint = `Take it anew: fdw snapshot --out ${file}`;
  const server = snapshot.servers.find(({ name }) => name === schema.server.value);
  if (server === undefined) return { problems: [lacks(schema.server, `server ${schema.server.value}`, file, snapshot.servers.map(({ name }) => name), hint)] };
  const known = server.schemas.find(({ remote }) => remote.name === schema.remoteSchema.value);
  if (known === undefined) return { problems: [lacks(schema.remoteSchema, `schema "${schema.remoteSchema.value}" of server ${server.name}`, file, server.schemas.map(({ remote }) => remote.name), hint)] };
  const problems = unread(schema, known).map((message): Problem => ({ message: `${file} ${message}`, at: schema.name.at, hint }));
  return { one: { schema, remote: selected(schema, known) }, problems };
}

function lacks({ value, at }: Placed<string>, what: string, file: string, names: readonly string[], hint: string): Problem {
  const near = nearest(value, names);
  return { message: `${file} does not have ${what}`, at, hint: near === undefined ? hint : `Did you mean "${near}"? ${hint}` };
}

/** Whether a relation is wanted; as `findRelations` selects. */
function wants({ selection }: SpecImportedSchema, partitions: ReadonlySet<string>): (name: string) => boolean {
  if (selection.kind === 'all') return (name) => !partitions.has(name);
  const named = new Set(selection.tables.map(({ value }) => value));
  return selection.kind === 'listed' ? (name) => named.has(name) : (name) => !partitions.has(name) && !named.has(name);
}

/** What of the import nobody asked the remote for when the snapshot was taken. */
function unread(schema: SpecImportedSchema, { remote, defaults }: SnapshotSchema): readonly string[] {
  const wanted = wants(schema, new Set(remote.partitions));
  const known = new Set(remote.relations.map(({ name }) => name));
  const names = remote.names.filter((name) => wanted(name) && !known.has(name));
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  return [
    ...(names.length > 0 ? [`has only the names of ${shown}: the spec did not import them when it was taken`] : []),
    ...(schema.import.default && !defaults ? [`has no defaults of schema "${remote.name}": the spec did not import them when it was taken`] : []),
  ];
}

function selected(schema: SpecImportedSchema, { remote }: SnapshotSchema): RemoteSchema {
  const wanted = wants(schema, new Set(remote.partitions));
  const chosen = remote.relations.filter(({ name }) => wanted(name));
  const relations = schema.import.default ? chosen : chosen.map((relation) => ({ ...relation, columns: relation.columns.map((column) => ({ ...column, default: undefined })) }));
  const types = new Map<string, RemoteType>(remote.types.map((type) => [nameKey(type), type]));
  return { ...remote, relations, types: typesWithin(relations.flatMap(({ columns }) => columns.map(({ type }) => type)), types) };
}
