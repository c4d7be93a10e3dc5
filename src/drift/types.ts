import { nameKey } from '../model/name.ts';
import type { RemoteTypeUse } from '../model/remote-type.ts';
import type { StandingType } from '../model/standing.ts';
import { asText, builtinDifference, type TypeDifference, unreadable } from './builtin-types.ts';

/** The definitions of one side's types. */
export type Definitions = ReadonlyMap<string, StandingType>;

/** A local type and the remote one that it stands for, whose definitions must agree. */
export interface TypePair {
  readonly local: StandingType;
  readonly remote: StandingType;
}

/** How a column's two types compare. */
export interface TypeComparison {
  readonly difference: TypeDifference | undefined;
  /** To be compared by their definitions, once for all columns. */
  readonly pairs: readonly TypePair[];
}

/** Both sides' types. */
export interface BothTypes {
  readonly local: Definitions;
  readonly remote: Definitions;
  readonly categories: ReadonlyMap<number, string>;
}

/**
 * Compares the type that a foreign table gives a column with the one that the remote has. Types of their own may have different names on
 * the two sides; domains may stand for what they are made of.
 */
export function compareTypes(local: RemoteTypeUse, remote: RemoteTypeUse, types: BothTypes): TypeComparison {
  const here = local.builtinOid === undefined ? types.local.get(nameKey(local)) : undefined;
  const there = remote.builtinOid === undefined ? types.remote.get(nameKey(remote)) : undefined;
  if (here === undefined && there === undefined) {
    if (local.builtinOid === undefined || remote.builtinOid === undefined) return same(local, remote);
    return { difference: builtinDifference(local, remote, types.categories), pairs: [] };
  }
  if (here?.kind === 'domain' && there?.kind === 'domain') {
    return local.array === remote.array ? { difference: undefined, pairs: [{ local: here, remote: there }] } : { difference: unreadable, pairs: [] };
  }
  if (there?.domain !== undefined) return compareTypes(local, baseOf(remote, there.domain.base), types);
  if (here?.domain !== undefined) {
    const { difference, pairs } = compareTypes(baseOf(local, here.domain.base), remote, types);
    const checked = here.domain.checks > 0 || here.domain.notNull;
    return { difference: difference ?? (checked ? { class: 'will-break', why: 'the local domain refuses values that the remote may have' } : undefined), pairs };
  }
  if (here === undefined) return { difference: isText(local) ? asText : unreadable, pairs: [] };
  if (there === undefined || here.kind !== there.kind || local.array !== remote.array) return { difference: unreadable, pairs: [] };
  if (here.extension !== undefined || there.extension !== undefined || (here.kind !== 'enum' && here.kind !== 'composite')) return same(local, remote);
  return { difference: undefined, pairs: [{ local: here, remote: there }] };
}

/** Types of extensions, ranges and the like go by their names. */
function same(local: RemoteTypeUse, remote: RemoteTypeUse): TypeComparison {
  const alike = local.name === remote.name && local.array === remote.array && local.extension === remote.extension;
  if (alike) return { difference: local.typmod === remote.typmod || local.typmod === -1 ? undefined : { class: 'will-break', why: 'a value of the remote need not fit' }, pairs: [] };
  return { difference: isText(local) ? asText : unreadable, pairs: [] };
}

function isText({ name, array, builtinOid }: RemoteTypeUse): boolean {
  return builtinOid !== undefined && !array && (name === 'text' || name === 'varchar' || name === 'bpchar');
}

/** What a column of a domain, or of an array of it, is made of. An array of a domain over an array is read as neither. */
function baseOf(use: RemoteTypeUse, base: RemoteTypeUse): RemoteTypeUse {
  return { ...base, array: use.array || base.array };
}

/** A remote or local type as people know it: `public.order_status[]`. */
export function typeName(use: RemoteTypeUse): string {
  const name = use.builtinOid === undefined ? `${use.schema}.${use.name}` : use.name;
  return use.array ? `${name}[]` : name;
}
