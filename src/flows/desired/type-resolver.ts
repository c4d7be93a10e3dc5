import type { Import } from '../../desired/import.ts';
import { type LocalTypes, mappedName, type TypeChoices, type TypeNames } from '../../desired/types/local-types.ts';
import { nameKey } from '../../model/name.ts';
import { partsOf, type RemoteType, type RemoteTypeUse, useKey } from '../../model/remote-type.ts';
import type { Session } from '../../postgres/session.ts';
import { type LocalType, localTypeNames } from '../../remote/local-types.ts';

/** The local counterparts of all types that an import's columns use. */
export interface TypeResolver {
  /** Both candidates for a type itself. */
  readonly candidates: (type: RemoteType) => LocalTypes;
  /** The local name of a type as a column uses it, once it is chosen. */
  readonly names: (chosen: TypeChoices) => TypeNames;
}

/** Asks the local database for the counterparts of an import's types: two queries. */
export async function resolveTypes(session: Session, { schema, remote }: Import): Promise<TypeResolver> {
  const uses = distinctUses([
    ...remote.types.map(plainUse),
    ...remote.types.flatMap((type) => partsOf(type).map(({ part }) => part)),
    ...remote.relations.flatMap(({ columns }) => columns.map(({ type }) => type)),
  ]);
  const same = await lookUp(session, uses, (use) => use);
  const mapped = await lookUp(session, uses, (use) => (isForeign(use) ? { ...use, ...mappedName(schema, use) } : use));
  const types = new Map(remote.types.map((type) => [nameKey(type), type]));
  return {
    candidates: (type) => {
      const key = useKey(plainUse(type));
      return { mapped: mapped.get(key)?.canonical, same: same.get(key)?.canonical };
    },
    names: (chosen) => (use) => {
      const type = types.get(nameKey(use));
      if (use.builtinOid !== undefined || type === undefined || type.extension !== undefined) return same.get(useKey(use));
      // A multirange type is where its range type is.
      const choice = chosen.get(nameKey(type.kind === 'multirange' ? type.range : type));
      return choice === undefined ? undefined : (choice === 'same' ? same : mapped).get(useKey(use));
    },
  };
}

async function lookUp(
  session: Session,
  uses: readonly RemoteTypeUse[],
  rename: (use: RemoteTypeUse) => RemoteTypeUse,
): Promise<ReadonlyMap<string, LocalType>> {
  const found = await localTypeNames(session, uses.map(rename));
  return new Map(uses.flatMap((use, index) => {
    const type = found[index];
    return type === undefined ? [] : [[useKey(use), type] as const];
  }));
}

/** A type of the remote's own: neither built in nor an extension's, which keep their names everywhere. */
function isForeign(use: RemoteTypeUse): boolean {
  return use.builtinOid === undefined && use.extension === undefined;
}

function plainUse(type: RemoteType): RemoteTypeUse {
  return { schema: type.schema, name: type.name, array: false, typmod: -1, builtinOid: undefined, extension: type.extension };
}

function distinctUses(uses: readonly RemoteTypeUse[]): readonly RemoteTypeUse[] {
  return [...new Map(uses.map((use) => [useKey(use), use])).values()];
}
