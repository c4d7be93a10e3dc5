import { chooseType, type Import, type LocalSituation, type LocalTypes, mappedName } from '../../desired/needed-types.ts';
import type { TypeNames } from '../../desired/imported-table.ts';
import { nameKey } from '../../model/name.ts';
import type { RemoteType, RemoteTypeUse } from '../../model/remote-relation.ts';
import type { Session } from '../../postgres/session.ts';
import { type LocalType, localTypeNames } from '../../remote/local-types.ts';

/** The local counterparts of all types that an import's columns use. */
export interface TypeResolver {
  /** Both candidates for a type itself. */
  readonly candidates: (type: RemoteType) => LocalTypes;
  /** The local name of a type as a column uses it. */
  readonly names: TypeNames;
}

/** Asks the local database for the counterparts of an import's types: two queries. */
export async function resolveTypes(session: Session, { schema, remote }: Import, situation: LocalSituation): Promise<TypeResolver> {
  const uses = distinctUses([
    ...remote.types.map(plainUse),
    ...remote.relations.flatMap(({ columns }) => columns.map(({ type }) => type)),
  ]);
  const same = await lookUp(session, uses, (use) => use);
  const mapped = await lookUp(session, uses, (use) => (isForeign(use) ? { ...use, ...mappedName(schema, use) } : use));
  const candidates = (type: RemoteType): LocalTypes => {
    const key = useKey(plainUse(type));
    return { mapped: mapped.get(key)?.canonical, same: same.get(key)?.canonical };
  };
  const types = new Map(remote.types.map((type) => [nameKey(type), type]));
  const names: TypeNames = (use) => {
    const type = types.get(nameKey(use));
    if (use.builtinOid !== undefined || type === undefined) return same.get(useKey(use));
    const choice = chooseType(type, candidates(type), situation);
    return choice === undefined ? undefined : (choice === 'same' ? same : mapped).get(useKey(use));
  };
  return { candidates, names };
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

function useKey(use: RemoteTypeUse): string {
  return [use.builtinOid ?? '', use.schema, use.name, use.array, use.typmod].join('\0');
}
