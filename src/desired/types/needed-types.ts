import { nameKey } from '../../model/name.ts';
import type { Extension } from '../../model/objects.ts';
import type { RemoteType } from '../../model/remote-type.ts';
import type { UserType } from '../../model/user-types.ts';
import type { Import } from '../import.ts';
import { buildType } from './build-type.ts';
import { type LocalSituation, type LocalTypes, mappedName, type TypeChoices, type TypeNames } from './local-types.ts';

/** The extensions that the columns of an import need and the local database lacks (`types: create`). */
export function neededExtensions({ schema, remote }: Import, candidates: (type: RemoteType) => LocalTypes): readonly Extension[] {
  if (schema.types === 'require') return [];
  return remote.types.flatMap((type) =>
    type.extension === undefined || candidates(type).same !== undefined ? [] : [{ kind: 'extension', name: type.extension, schema: undefined, version: undefined }],
  );
}

/** A remote type, and what it would be here under either name. */
export interface TypeToMake {
  readonly type: RemoteType;
  /** undefined: the local database has no such type, or it must not be that one. */
  readonly same: UserType | undefined;
  /** undefined: it is the other one for sure. */
  readonly mapped: UserType | undefined;
}

/**
 * The types whose parts all have names here now, and that are not chosen yet. Called again and again it gives all that
 * can be made, each after its parts.
 */
export function nextTypes(
  { schema, remote }: Import,
  candidates: (type: RemoteType) => LocalTypes,
  names: TypeNames,
  situation: LocalSituation,
  chosen: TypeChoices,
): readonly TypeToMake[] {
  if (schema.types === 'require') return [];
  return remote.types.flatMap((type): readonly TypeToMake[] => {
    if (type.extension !== undefined || chosen.has(nameKey(type))) return [];
    const mapped = buildType(type, (name) => mappedName(schema, name), names);
    const same = buildType(type, (name) => name, names);
    if (mapped === undefined || same === undefined) return [];
    const local = candidates(type);
    if (local.same === undefined) return [{ type, same: undefined, mapped }];
    if (situation.inUse.has(local.same)) return [{ type, same, mapped: undefined }];
    return [{ type, same: local.mapped === undefined ? same : undefined, mapped }];
  });
}

/**
 * Of two local candidates for a remote type that nothing is to be made for, the one to use; undefined where there is none.
 * An enum of the same schema and name may be somebody else's, so it must be in use by the imported tables already or have
 * the very labels.
 */
export function presentType(type: RemoteType, local: LocalTypes, { types, inUse }: LocalSituation): keyof LocalTypes | undefined {
  if (local.same !== undefined && inUse.has(local.same)) return 'same';
  if (local.mapped !== undefined) return 'mapped';
  if (local.same === undefined) return undefined;
  const present = types.get(nameKey(type));
  const others = type.kind === 'enum' && type.extension === undefined && !(present?.kind === 'enum' && equal(present.labels, type.labels));
  return others ? undefined : 'same';
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label, index) => label === b[index]);
}
