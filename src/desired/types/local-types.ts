import { nameKey, type QualifiedName } from '../../model/name.ts';
import type { RemoteType, RemoteTypeUse } from '../../model/remote-type.ts';
import { typeParts, type UserType } from '../../model/user-types.ts';
import type { SpecImportedSchema } from '../../spec/types.ts';

/** The local counterpart of a remote type: its name as the server prints it, and its own collation. */
export type TypeNames = (use: RemoteTypeUse) => { readonly canonical: string; readonly collation: QualifiedName | undefined } | undefined;

/** The local types that a remote one may be, by where they would stand; undefined: there is none. */
export interface LocalTypes {
  /** The type in the local schema that stands for its remote one. */
  readonly mapped: string | undefined;
  /** The type of the very same schema and name, or of the same extension. */
  readonly same: string | undefined;
}

/** Which of them a remote type is, by its `nameKey`. */
export type TypeChoices = ReadonlyMap<string, keyof LocalTypes>;

/**
 * Where a remote type's counterpart belongs: what lives in the remote schema lives in the imported schema
 * here, so that two servers with a `public.order_status` each do not meet. Other schemas keep their names.
 */
export function mappedName(schema: SpecImportedSchema, type: QualifiedName): QualifiedName {
  return type.schema === schema.remoteSchema.value ? { schema: schema.name.value, name: type.name } : { schema: type.schema, name: type.name };
}

/** What the local database has now, for choosing between candidates. */
export interface LocalSituation {
  /** Its types, by `nameKey`. */
  readonly types: ReadonlyMap<string, UserType>;
  /** The names of types that foreign tables of the imported schema have now, arrays by their element: a type that is in use stays. */
  readonly inUse: ReadonlySet<string>;
}

/** The same, with the types that those in use are made of. */
export function withParts(situation: LocalSituation, types: readonly RemoteType[], candidates: (type: RemoteType) => LocalTypes): LocalSituation {
  const inUse = new Set(situation.inUse);
  const known = types.flatMap((type) => {
    const name = candidates(type).same;
    const local = situation.types.get(nameKey(type));
    return name === undefined || local === undefined ? [] : [{ name, parts: typeParts(local).map(elementOf) }];
  });
  for (const text of inUse) for (const { name, parts } of known) if (name === text) parts.forEach((part) => inUse.add(part));
  return { ...situation, inUse };
}

/** `shop.status[]` is an array of `shop.status`. */
export function elementOf(type: string): string {
  return type.endsWith('[]') ? type.slice(0, -2) : type;
}
