import { annotationStart } from './annotation-start.ts';
import { lineEnd, tokens } from './lexer.ts';
import type { Token } from './lexer.ts';

/** One statement of a text, or a piece of it that cannot be one. Offsets are UTF-16 units. */
export interface Piece {
  /** Where its first token starts. */
  readonly start: number;
  /** Where its last token ends; its semicolon is not part of it. */
  readonly end: number;
  /** The first words, lower case, up to two: enough to tell a SELECT from a utility statement. */
  readonly words: readonly string[];
  /** The `--` comments above it, in order. */
  readonly comments: readonly Token[];
  readonly flaw: Flaw | undefined;
}

/** Why a piece is no statement. */
export interface Flaw {
  readonly kind: 'meta-command' | 'unclosed' | 'nul' | 'parentheses' | 'astray';
  readonly start: number;
  readonly end: number;
}

interface Draft {
  start: number;
  end: number;
  depth: number;
  words: string[];
  comments: readonly Token[];
  flaw: Flaw | undefined;
  /** Open BEGINs and CASEs of a SQL-standard function body, whose semicolons end nothing. */
  blocks: number;
  stdin: boolean;
  /** Starts with CREATE or COPY. */
  watched: boolean;
}

/**
 * Cuts a text into statements at the semicolons outside parentheses, as psql does (psqlscan.l). What is wrong
 * with one statement is told in its piece, and the next one starts after its semicolon or, for a psql
 * meta-command, on the next line. The data of `COPY … FROM stdin` is skipped.
 */
export function* split(text: string): Generator<Piece> {
  let comments: Token[] = [];
  let draft: Draft | undefined;
  let from = 0;
  let tries = 0;
  let again = true;
  while (again) {
    again = false;
    for (const token of tokens(text, from)) {
      if (token.kind === 'line-comment') {
        if (draft === undefined) comments.push(token);
        else draft.flaw ??= astray(text, [token]);
        continue;
      }
      if (token.kind === 'block-comment') continue;
      if (token.kind === 'semicolon' && draft === undefined) {
        yield* lostIn(text, comments);
        comments = [];
        continue;
      }
      if (draft === undefined) {
        draft = begin(token, comments);
        comments = [];
      }
      const ends = take(draft, token, text);
      if (ends === 'no') continue;
      yield finish(draft);
      const after = resumeAt(ends, draft, token, text);
      draft = undefined;
      if (after === token.end) continue;
      if (ends === 'unclosed' && (tries += 1) > unclosedTries) return;
      from = after;
      again = true;
      break;
    }
  }
  if (draft !== undefined) yield finish(draft);
  else yield* lostIn(text, comments);
}

/** Comments that no statement follows: a piece of its own, where an annotation is among them. */
function lostIn(text: string, comments: readonly Token[]): readonly Piece[] {
  const lost = astray(text, comments);
  return lost === undefined ? [] : [{ start: lost.start, end: lost.end, words: [], comments: [], flaw: lost }];
}

/** An annotation that stands above no statement. What it asks for would not be held, and nobody would know. */
function astray(text: string, comments: readonly Token[]): Flaw | undefined {
  const found = comments.find((comment) => annotationStart(text, comment) !== undefined);
  return found === undefined ? undefined : { kind: 'astray', start: found.start, end: found.end };
}

function begin(token: Token, comments: readonly Token[]): Draft {
  return { start: token.start, end: token.start, depth: 0, words: [], comments, flaw: undefined, blocks: 0, stdin: false, watched: false };
}

/** How a statement ends: with this token, with its line, or by a quote that never closes. */
type Ending = 'statement' | 'line' | 'unclosed';

/**
 * An unclosed quote has swallowed the rest of the text. The next statement is looked for after the first
 * semicolon at a line's end; not for ever, because each try reads the rest again.
 */
const unclosedTries = 10;

function resumeAt(ends: Ending, draft: Draft, token: Token, text: string): number {
  if (ends === 'line') return lineEnd(text, token.end);
  if (ends === 'unclosed') return endOfLineWithSemicolon(text, draft.start);
  return draft.stdin ? copyDataEnd(text, token.end) : token.end;
}

function endOfLineWithSemicolon(text: string, from: number): number {
  for (let at = lineEnd(text, from); at < text.length; at = lineEnd(text, at + 1)) {
    if (text.charAt(at - 1) === ';') return at;
  }
  return text.length;
}

/** Adds a token; says whether the statement ends with it. */
function take(draft: Draft, token: Token, text: string): Ending | 'no' {
  if (token.kind === 'semicolon' && draft.depth === 0 && draft.blocks === 0) return 'statement';
  draft.end = token.end;
  switch (token.kind) {
    case 'open':
      draft.depth += 1;
      break;
    case 'close':
      draft.depth = Math.max(0, draft.depth - 1);
      break;
    case 'word':
      // Beyond its first words only a function's body and COPY's `stdin` matter.
      if (draft.words.length < 4 || draft.watched) takeWord(draft, text.slice(token.start, token.end).toLowerCase());
      break;
    case 'semicolon':
      // An opening parenthesis was never closed: psql would go on reading. Here one slip must not swallow the rest.
      if (draft.blocks > 0) break;
      draft.flaw ??= { kind: 'parentheses', start: draft.start, end: draft.end };
      return 'statement';
    case 'backslash':
      draft.end = lineEnd(text, token.end);
      draft.flaw ??= { kind: 'meta-command', start: token.start, end: draft.end };
      return 'line';
    case 'nul':
      draft.flaw ??= { kind: 'nul', start: token.start, end: token.end };
      break;
    case 'unclosed':
      draft.flaw ??= { kind: 'unclosed', start: token.start, end: token.start + 1 };
      draft.end = lineEnd(text, token.start);
      return 'unclosed';
    default:
      break;
  }
  return 'no';
}

function takeWord(draft: Draft, word: string): void {
  if (draft.words.length < 4) draft.words.push(word);
  const first = draft.words[0];
  draft.watched ||= first === 'create' || first === 'copy';
  if (first === 'copy' && word === 'stdin') draft.stdin = true;
  if (first !== 'create' || !draft.words.some((each) => each === 'function' || each === 'procedure')) return;
  if (word === 'begin' || (word === 'case' && draft.blocks > 0)) draft.blocks += 1;
  else if (word === 'end' && draft.blocks > 0) draft.blocks -= 1;
}

function finish(draft: Draft): Piece {
  const { start, end, words, comments, flaw } = draft;
  return { start, end, words, comments, flaw };
}

/** The end of the `\.` line that closes COPY's data; the end of the text if there is none. */
function copyDataEnd(text: string, from: number): number {
  let at = lineEnd(text, from);
  while (at < text.length) {
    const start = at + 1;
    const end = lineEnd(text, start);
    if (text.slice(start, end) === '\\.') return end;
    at = end;
  }
  return text.length;
}
