import type { Node } from '../../parser.ts';
import type { Surroundings } from '../rule.ts';
import { operand } from '../rule.ts';

/** Types between which PostgreSQL compares without loss. */
const exact: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric']);

/** Types of which an untyped literal means the same as text, compared with an untyped literal. */
const texts: ReadonlySet<string> = new Set(['text', 'character varying']);

/** Whether values of two types are equal to another one only if they are equal to each other; where a type is not known, it is taken to be so. */
export function comparesAlike(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b || (exact.has(a) && exact.has(b));
}

/**
 * Arguments of COALESCE, GREATEST or LEAST as operands that compare one by one as they do together: PostgreSQL gives all of them
 * one type, so that a literal is read as that, a date becomes a timestamp, a bigint a float.
 *
 * @returns undefined where that is not known of them
 */
export function alike(args: readonly Node[], on: Surroundings): readonly string[] | undefined {
  const types = new Set(args.filter((arg) => !('A_Const' in arg)).map((arg) => on.typeOf(arg)));
  const [type, ...more] = types;
  if (type === undefined || types.has(undefined)) return undefined;
  const isExact = [...types].every((each) => exact.has(each ?? ''));
  if (more.length > 0 && !isExact) return undefined;
  const written = args.map((arg) => (!('A_Const' in arg) || isPlain(arg, type, isExact && more.length === 0) ? operand(on.parser, arg) : typed(arg, type, more.length === 0, on)));
  return written.every((each) => each !== undefined) ? written : undefined;
}

/** NULL, a number among numbers, a string among texts. */
function isPlain(arg: Node, type: string, isExact: boolean): boolean {
  if (!('A_Const' in arg) || arg.A_Const.isnull === true) return true;
  if (arg.A_Const.sval !== undefined) return texts.has(type);
  return arg.A_Const.boolval !== undefined || isExact || exact.has(type);
}

function typed(arg: Node, type: string, isOne: boolean, { parser }: Surroundings): string | undefined {
  // Of bit the length is part of the type, of character(n) it is not where `bpchar` is written.
  return isOne && type !== 'bit' ? `${parser.text(arg)}::${type === 'character' ? 'bpchar' : type}` : undefined;
}
