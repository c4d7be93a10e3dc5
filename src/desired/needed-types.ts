import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Extension } from '../model/objects.ts';
import type { RemoteSchema, RemoteType } from '../model/remote-relation.ts';
import type { EnumType } from '../model/user-types.ts';
import type { SpecImportedSchema } from '../spec/types.ts';

/** An imported schema with what the remote has behind it. */
export interface Import {
  readonly schema: SpecImportedSchema;
  readonly remote: RemoteSchema;
}

/** The local types that a remote one may be, by where they would stand. */
export interface LocalTypes {
  /** The type in the local schema that stands for its remote one. */
  readonly mapped: string | undefined;
  /** The type of the very same schema and name, or of the same extension. */
  readonly same: string | undefined;
}

export interface NeededTypes {
  readonly extensions: readonly Extension[];
  /** To create, or to give the labels that the remote has. */
  readonly enums: readonly EnumType[];
}

/**
 * Where a remote type's counterpart belongs: what lives in the remote schema lives in the imported schema
 * here, so that two servers with a `public.order_status` each do not meet. Other schemas keep their names.
 */
export function mappedName(schema: SpecImportedSchema, type: QualifiedName): QualifiedName {
  return type.schema === schema.remoteSchema.value ? { schema: schema.name.value, name: type.name } : { schema: type.schema, name: type.name };
}

/** What the local database has now, for choosing between candidates. */
export interface LocalSituation {
  /** The labels of its enums, by `nameKey`. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** Type names that foreign tables of the imported schemas have now: a type that is in use stays. */
  readonly inUse: ReadonlySet<string>;
}

/** What of extensions and enums the local database needs for the columns of an import (`types: create`). */
export function neededTypes({ schema, remote }: Import, found: (type: RemoteType) => LocalTypes, situation: LocalSituation): NeededTypes {
  if (schema.types === 'require') return { extensions: [], enums: [] };
  const extensions: Extension[] = [];
  const enums: EnumType[] = [];
  for (const type of remote.types) {
    const local = found(type);
    if (type.extension !== undefined) {
      if (local.same === undefined) extensions.push({ kind: 'extension', name: type.extension, schema: undefined, version: undefined });
    } else if (type.kind === 'enum') {
      const name = usesSame(type, local, situation) ? type : mappedName(schema, type);
      enums.push({ kind: 'enum', schema: name.schema, name: name.name, labels: type.labels });
    }
  }
  return { extensions, enums };
}

/** Of two local candidates for a remote type, the one to use; undefined where there is none. */
export function chooseType(type: RemoteType, local: LocalTypes, situation: LocalSituation): keyof LocalTypes | undefined {
  if (type.extension !== undefined) return local.same === undefined ? undefined : 'same';
  const same = type.kind === 'enum' ? usesSame(type, local, situation) : local.mapped === undefined && local.same !== undefined;
  if (same) return 'same';
  return local.mapped === undefined ? undefined : 'mapped';
}

/**
 * Whether an enum of the same schema and name serves: a local enum of that name may be somebody else's, so it
 * must be in use by the imported tables already or have the very labels.
 */
function usesSame(type: RemoteType, local: LocalTypes, { labels, inUse }: LocalSituation): boolean {
  if (local.same === undefined) return false;
  if (inUse.has(local.same)) return true;
  if (local.mapped !== undefined) return false;
  const present = labels.get(nameKey(type));
  return present !== undefined && present.length === type.labels.length && present.every((label, index) => label === type.labels[index]);
}
