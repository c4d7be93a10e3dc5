import { nearest } from '../../base/nearest.ts';
import { reasonIds } from '../../model/rules.ts';
import type { Expectation, Ignore } from '../../spec/types.ts';
import { parseExpectation } from '../expectation-text.ts';
import type { QueryError } from '../types.ts';
import { annotationStart } from './annotation-start.ts';
import type { Token } from './lexer.ts';
import type { Places } from './place.ts';

/** What the comments above a statement say about it. */
export interface Annotation {
  readonly name: string | undefined;
  readonly expect: Expectation | undefined;
  readonly ignores: readonly Ignore[];
  /** The first thing that is wrong. */
  readonly error: QueryError | undefined;
}

const keys = ['name', 'expect', 'ignore'] as const;

/** What introduces the reason for an `ignore`. */
const conjunction = 'because';

/** One `key=value`; offsets into the whole text. */
interface Pair {
  readonly key: string;
  readonly keyStart: number;
  /** undefined: no `=`, or a quote that does not close. */
  readonly value: string | undefined;
  readonly valueStart: number;
  readonly end: number;
  /** What follows `because`, up to the end of the comment. */
  readonly because?: string | undefined;
}

/**
 * Reads `-- fdw: name=… expect=… ignore=… because …` out of the comments above a statement; other comments are passed over.
 * Values may stand in single or double quotes. Several such comments add up; the same key twice is an error.
 */
export function readAnnotation(text: string, comments: readonly Token[], places: Places): Annotation {
  let name: string | undefined;
  let expect: Expectation | undefined;
  const ignores: Ignore[] = [];
  const fail = (message: string, start: number, end: number, hint?: string): Annotation => ({
    name,
    expect,
    ignores,
    error: { message, hint, at: places.span(start, end) },
  });
  for (const pair of comments.flatMap((comment) => pairsOf(text, comment))) {
    const key = keys.find((each) => each === pair.key);
    if (key === undefined) {
      const near = nearest(pair.key, keys);
      return fail(`\`${pair.key}\` is no annotation`, pair.keyStart, pair.keyStart + pair.key.length, near === undefined ? `known: ${keys.join(', ')}` : `did you mean ${near}?`);
    }
    if (pair.value === undefined || pair.value === '') return fail(`\`${key}\` needs a value`, pair.keyStart, pair.end, `write ${key}=…`);
    if (key === 'name') {
      if (name !== undefined) return fail('`name` stands twice', pair.keyStart, pair.end);
      name = pair.value;
      continue;
    }
    if (key === 'ignore') {
      for (const reason of pair.value.split(',')) {
        const id = reasonIds.find((each) => each === reason);
        if (id === undefined) {
          const near = nearest(reason, reasonIds);
          const start = pair.valueStart + Math.max(0, pair.value.indexOf(reason));
          return fail(`\`${reason}\` is no reason`, start, start + reason.length, near === undefined ? '`fdw rules` lists them' : `did you mean ${near}?`);
        }
        if (pair.because === undefined) return fail('`ignore` needs a because', pair.keyStart, pair.end, `write ignore=${pair.value} because …`);
        ignores.push({ reason: id, because: pair.because, at: places.span(pair.keyStart, pair.end) });
      }
      continue;
    }
    if (expect !== undefined) return fail('`expect` stands twice', pair.keyStart, pair.end);
    const parsed = parseExpectation(pair.value, places.span(pair.keyStart, pair.end));
    if ('message' in parsed) {
      const start = pair.valueStart + parsed.offset;
      return fail(parsed.message, start, start + parsed.length, parsed.hint);
    }
    expect = parsed;
  }
  return { name, expect, ignores, error: undefined };
}

/** The `key=value` pairs of a comment that starts with `fdw:`. */
function pairsOf(text: string, comment: Token): readonly Pair[] {
  const start = annotationStart(text, comment);
  if (start === undefined) return [];
  const pairs: Pair[] = [];
  let at = start;
  while (at < comment.end) {
    if (text.charAt(at).trim() === '') {
      at += 1;
      continue;
    }
    const pair = pairAt(text, at, comment.end);
    at = pair.end;
    const rest = text.slice(pair.end, comment.end);
    const because = pair.key === 'ignore' && rest.trimStart().startsWith(`${conjunction} `) ? rest.trimStart().slice(conjunction.length).trim() : '';
    pairs.push(because === '' ? pair : { ...pair, because });
    if (because !== '') break;
  }
  return pairs;
}

function pairAt(text: string, start: number, limit: number): Pair {
  let at = start;
  while (at < limit && text.charAt(at) !== '=' && text.charAt(at).trim() !== '') at += 1;
  const key = text.slice(start, at);
  if (text.charAt(at) !== '=' || at >= limit) return { key, keyStart: start, value: undefined, valueStart: at, end: at };
  const open = at + 1;
  const quote = text.charAt(open);
  if (open < limit && (quote === '"' || quote === "'")) {
    const close = text.indexOf(quote, open + 1);
    if (close < 0 || close >= limit) return { key, keyStart: start, value: undefined, valueStart: open, end: limit };
    return { key, keyStart: start, value: text.slice(open + 1, close), valueStart: open + 1, end: close + 1 };
  }
  let end = open;
  while (end < limit && text.charAt(end).trim() !== '') end += 1;
  return { key, keyStart: start, value: text.slice(open, end), valueStart: open, end };
}
