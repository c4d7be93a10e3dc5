import type { Shared } from '../../base/shared.ts';
import type { SourceSpan } from '../../base/source.ts';
import { interpolate } from '../interpolate.ts';
import type { SecretReference } from '../../model/secret-reference.ts';
import { Place } from '../positions.ts';
import type { ProblemList } from '../problem-list.ts';
import type { Placed, SpecOption } from '../types.ts';
import { scalarType, type Node } from '../yaml/node.ts';
import type { ColumnWords } from './written-column.ts';

/** What the builders share. They skip what the structural check has complained about. */
export interface BuildContext {
  readonly problems: ProblemList;
  readonly warnings: ProblemList;
  readonly env: NodeJS.ProcessEnv;
  /** What is said of columns, one for all of which the same is said. */
  readonly columns: Shared<ColumnWords>;
  /** Texts that many parts have alike. */
  readonly texts: Shared<string>;
  /** Filled on the way: the secrets that the spec refers to. */
  readonly secrets: Placed<SecretReference>[];
  /** Filled on the way: the options that only a server can judge. */
  readonly options: SpecOption[];
}

/** The scalar's text with its references to the environment replaced; undefined where it is none or something is wrong. */
export function readText(node: Node | undefined, context: BuildContext): Placed<string> | undefined {
  if (node?.kind !== 'scalar' || scalarType(node) === 'null') return undefined;
  const { text, problems } = interpolate(node.text, context.env);
  let from = node.start;
  for (const problem of problems) {
    const found = node.source.text.indexOf(problem.written, from);
    const inside = found >= 0 && found < node.end;
    if (inside) from = found + problem.written.length;
    const at = inside ? new Place(node.source, found, from) : node.at;
    context.problems.add(at, problem.message, problem.hint);
  }
  if (problems.length > 0) return undefined;
  const { at } = node;
  return storable(text, at, context) ? { value: text, at } : undefined;
}

/** Whether PostgreSQL can store the text: no NUL, and nothing that UTF-8 cannot write. */
function storable(text: string, at: SourceSpan, context: BuildContext): boolean {
  if (text.includes('\0')) context.problems.add(at, 'the text holds a NUL character', 'PostgreSQL cannot store it');
  else if (/\p{Surrogate}/u.test(text)) context.problems.add(at, 'the text holds half of a surrogate pair', 'write the whole character, or \\U followed by its eight digits');
  else return true;
  return false;
}

/** A text that names something: see `checkName`. */
export function readName(node: Node | undefined, what: string, context: BuildContext): Placed<string> | undefined {
  const text = readText(node, context);
  if (text === undefined || node?.kind !== 'scalar') return undefined;
  if (text.value === '' && node.text !== '') context.problems.add(text.at, `${what} is empty`, 'the environment variable is empty');
  return checkName(text.value, text.at, what, context) ? text : undefined;
}

/**
 * Whether a text can be an identifier. PostgreSQL cuts identifiers to 63 bytes (NAMEDATALEN - 1) with only a
 * notice (postgresql.org/docs/18/sql-syntax-lexical.html): here that is a problem. An empty one is none either; the
 * structural check has said so.
 */
export function checkName(name: string, at: SourceSpan, what: string, context: BuildContext): boolean {
  const bytes = Buffer.byteLength(name, 'utf8');
  if (name === '') return false;
  if (bytes > 63) context.problems.add(at, `${what} has ${bytes} bytes; PostgreSQL allows 63`, 'PostgreSQL would cut it off');
  else return storable(name, at, context);
  return false;
}

/** `true` or `false`; undefined for anything else. */
export function readBoolean(node: Node | undefined): boolean | undefined {
  return node?.kind === 'scalar' && scalarType(node) === 'boolean' ? node.text.toLowerCase() === 'true' : undefined;
}

/** One of some words, as written. */
export function readWord<Word extends string>(node: Node | undefined, words: readonly Word[]): Word | undefined {
  return node?.kind === 'scalar' ? words.find((word) => word === node.text) : undefined;
}

/** A number; undefined for anything else. */
export function readNumber(node: Node | undefined): number | undefined {
  return node?.kind === 'scalar' && scalarType(node) === 'number' ? Number(node.text) : undefined;
}
