import type { DriftClass } from '../model/drift.ts';
import type { RemoteTypeUse } from '../model/remote-type.ts';

/** What a difference of types does, and why, in a clause. */
export interface TypeDifference {
  readonly class: DriftClass;
  readonly why: string;
}

/**
 * What happens when the remote's values, which arrive as text, are read as the local type, and conditions on the local type are sent to the
 * remote's. By the names of pg_type, local first; `*` is the rest of a group. The first line that fits counts.
 */
const pairs: readonly (readonly [local: readonly string[], remote: readonly string[], does: DriftClass, why: string])[] = [
  [['timestamp', 'timestamptz'], ['timestamp', 'timestamptz'], 'wrong-results', 'one knows the time zone and the other does not, so the same text means another moment'],
  [['timestamptz'], ['date'], 'wrong-results', 'a day becomes a moment by the time zone of the session'],
  [['date'], ['timestamp', 'timestamptz'], 'wrong-results', 'the time of day is cut off here, and counts there'],
  [['time', 'timetz'], ['time', 'timetz', 'timestamp', 'timestamptz'], 'wrong-results', 'one knows the time zone and the other does not'],
  [['timestamp'], ['date'], 'invisible', 'a day is read as its midnight'],
  [['int4', 'int8'], ['int2'], 'invisible', 'the local type holds more'],
  [['int8'], ['int4'], 'invisible', 'the local type holds more'],
  [['int2', 'int4', 'int8', 'oid'], ['int2', 'int4', 'int8', 'oid', 'numeric', 'float4', 'float8'], 'will-break', 'a larger or broken number of the remote cannot be read here'],
  [['float4', 'float8'], ['float4', 'float8', 'numeric', 'int8'], 'wrong-results', 'numbers are rounded differently on the two sides'],
  [['float4', 'float8'], ['int2', 'int4'], 'invisible', 'the local type holds more'],
  [['numeric'], ['int2', 'int4', 'int8', 'float4', 'float8'], 'invisible', 'the local type holds more'],
  [['bpchar'], ['text', 'varchar', 'name', 'char'], 'wrong-results', 'spaces at the end count there and not here'],
  [['text', 'varchar', 'name', 'char'], ['bpchar'], 'wrong-results', 'spaces at the end count here and not there'],
  [['text'], ['varchar', 'name'], 'invisible', 'the local type holds more'],
  [['varchar'], ['text', 'name'], 'invisible', 'both are the same texts'],
  [['json'], ['jsonb'], 'invisible', 'the local type holds more'],
];

/** Types that any text can be read as. */
const texts = ['text', 'varchar', 'bpchar'];

/** What two builtin types of different names, or lengths, do; undefined: nothing. */
export function builtinDifference(local: RemoteTypeUse, remote: RemoteTypeUse, categories: ReadonlyMap<number, string>): TypeDifference | undefined {
  if (local.array !== remote.array) return texts.includes(local.name) && !local.array ? asText : unreadable;
  if (local.name === remote.name) return typmodDifference(local.name, local.typmod, remote.typmod);
  const pair = pairs.find(([here, there]) => here.includes(local.name) && there.includes(remote.name));
  if (pair !== undefined) return longer(pair, local, remote) ?? { class: pair[2], why: pair[3] };
  if (texts.includes(local.name)) return asText;
  const [here, there] = [categories.get(local.builtinOid ?? 0), categories.get(remote.builtinOid ?? 0)];
  return here !== undefined && here === there ? { class: 'will-break', why: 'a value or an operator of one need not be one of the other' } : unreadable;
}

/** A local varchar(10) or numeric(5,2) is too short whatever the remote has. */
function longer([, , does]: (typeof pairs)[number], local: RemoteTypeUse, remote: RemoteTypeUse): TypeDifference | undefined {
  if (does !== 'invisible' || local.typmod === -1) return undefined;
  return remote.typmod === -1 || local.name !== 'varchar' || remote.typmod > local.typmod ? { class: 'will-break', why: 'a value of the remote may be too long for it' } : undefined;
}

/** An enum, a number, a date read as text. */
export const asText: TypeDifference = {
  class: 'wrong-results',
  why: 'the remote sorts and compares it by its own rules, this side as text, and conditions are sent as if it were text',
};

export const unreadable: TypeDifference = { class: 'breaks-now', why: 'its values cannot be read as that' };

/** What typmods mean: postgresql.org/docs/18/catalog-pg-attribute.html, and the types' own typmodin functions (14 to 18). */
function typmodDifference(name: string, local: number, remote: number): TypeDifference | undefined {
  if (local === remote) return undefined;
  if (local === -1) return { class: 'invisible', why: 'the local type holds more' };
  switch (name) {
    case 'varchar':
    case 'bpchar':
    case 'varbit':
      return remote !== -1 && remote < local ? { class: 'invisible', why: 'the local type holds more' } : { class: 'will-break', why: 'a longer value of the remote cannot be read here' };
    case 'bit':
      return unreadable;
    case 'numeric':
      return numericDifference(local, remote);
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'timetz':
      return remote !== -1 && remote < local ? { class: 'invisible', why: 'the local type holds more' } : { class: 'wrong-results', why: 'fractions of a second are rounded here' };
    case 'interval':
      return { class: 'wrong-results', why: 'fields or fractions of a second are cut off here' };
    default:
      return { class: 'will-break', why: 'a value of the remote need not fit' };
  }
}

/** numeric's typmod less 4 is the precision in the upper 16 bits, and the scale, signed since 15, in the lower 11 (numeric.c). */
function numericDifference(local: number, remote: number): TypeDifference {
  const parts = (typmod: number): { readonly whole: number; readonly scale: number } => {
    const scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
    return { scale, whole: (((typmod - 4) >> 16) & 0xffff) - scale };
  };
  const here = parts(local);
  const there = remote === -1 ? { whole: Infinity, scale: Infinity } : parts(remote);
  if (there.scale > here.scale) return { class: 'wrong-results', why: 'digits behind the point are rounded off here' };
  if (there.whole > here.whole) return { class: 'will-break', why: 'a larger number of the remote cannot be read here' };
  return { class: 'invisible', why: 'the local type holds more' };
}
