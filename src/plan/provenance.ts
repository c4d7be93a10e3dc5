import type { DatabasePlace } from '../model/database-place.ts';
import type { RelationSelection, RemoteSchema } from '../model/remote-relation.ts';
import { hashOf } from './fingerprints.ts';

/** What a saved plan was made from, besides the objects of the database itself. */
export interface Provenance {
  readonly spec: {
    /** As the user named it. */
    readonly path: string;
    readonly environment: string | undefined;
    /** SHA-256 (hex) of the texts of its files, before anything is interpolated: no value of a variable is in it. */
    readonly digest: string;
  };
  readonly database: DatabasePlace;
  readonly remotes: readonly LearnedSchema[];
}

/** What a plan learned from the remote schema behind an imported one, and how to ask again. */
export interface LearnedSchema {
  readonly server: string;
  /** Local roles that may have been used to read it. */
  readonly candidates: readonly string[];
  readonly schema: string;
  readonly selection: RelationSelection;
  readonly defaults: boolean;
  /** Hashes of the selected relations and of the types that they use, by name. */
  readonly relations: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, string>>;
}

/** What of a remote schema a plan builds upon. */
export function learnedFrom(remote: RemoteSchema): Pick<LearnedSchema, 'relations' | 'types'> {
  return {
    relations: Object.fromEntries(remote.relations.map((relation) => [relation.name, hashOf(relation)])),
    types: Object.fromEntries(remote.types.map((type) => [`${type.schema}.${type.name}`, hashOf(type)])),
  };
}

/** What has changed on the remote since, in words: `relation public.orders of server shop was altered`. */
export function remoteDifferences(before: LearnedSchema, remote: RemoteSchema): readonly string[] {
  const now = learnedFrom(remote);
  return [
    ...compare(before.relations, now.relations).map(([name, what]) => `relation ${before.schema}.${name} behind server ${before.server} ${what}`),
    ...compare(before.types, now.types).map(([name, what]) => `type ${name} behind server ${before.server} ${what}`),
  ];
}

function compare(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): readonly [name: string, what: string][] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before[name], now[name]];
    if (was === is) return [];
    return [[name, was === undefined ? 'is new' : is === undefined ? 'is gone' : 'has changed']];
  });
}
