/**
 * PostgreSQL's lexical rules (src/backend/parser/scan.l, 18), as far as cutting a text needs them: strings,
 * quoted names, dollar quotes, nested comments. Written by hand and not taken from libpg-query's `scan`,
 * which gives up on a whole text at its first unclosed quote, ends at a NUL, and answers 4 million tokens
 * with none at all; a test holds the two together on texts that both can read.
 *
 * `standard_conforming_strings` is taken to be on.
 */

export type TokenKind =
  /** A bare word, a keyword or a name. */
  | 'word'
  | 'quoted-name'
  /** A constant of any form: '…', E'…', B'…', $tag$…$tag$. */
  | 'string'
  /** `$1`. */
  | 'parameter'
  /** `-- …` without its line end. */
  | 'line-comment'
  | 'block-comment'
  | 'open'
  | 'close'
  | 'semicolon'
  | 'backslash'
  | 'nul'
  /** A quote or comment that never ends: runs to the end of the text. */
  | 'unclosed'
  /** Anything else: one character. */
  | 'other';

/** A token: UTF-16 offsets into the text, end exclusive. White space gives no token. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** The tokens of `text` from `from` on, lazily and in linear time. */
export function* tokens(text: string, from = 0): Generator<Token> {
  let at = from;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    yield token;
    at = token.end;
  }
}

function make(kind: TokenKind, start: number, end: number): Token {
  return { kind, start, end };
}

/** A token that ends somewhere, or (end below 0) never. */
function closed(kind: TokenKind, text: string, start: number, end: number): Token {
  return end < 0 ? { kind: 'unclosed', start, end: text.length } : { kind, start, end };
}

function tokenAt(text: string, start: number): Token {
  const char = text.charAt(start);
  const next = text.charAt(start + 1);
  switch (char) {
    case '-':
      return next === '-' ? make('line-comment', start, lineEnd(text, start)) : make('other', start, start + 1);
    case '/':
      return next === '*' ? closed('block-comment', text, start, blockCommentEnd(text, start)) : make('other', start, start + 1);
    case "'":
      return closed('string', text, start, quoteEnd(text, start, "'", false));
    case '"':
      return closed('quoted-name', text, start, quoteEnd(text, start, '"', false));
    case '$':
      return dollar(text, start);
    case '(':
    case '[':
      return make('open', start, start + 1);
    case ')':
    case ']':
      return make('close', start, start + 1);
    case ';':
      return make('semicolon', start, start + 1);
    case '\\':
      return make('backslash', start, start + 1);
    case '\0':
      return make('nul', start, start + 1);
  }
  const code = text.charCodeAt(start);
  if (isDigit(code)) return make('other', start, numberEnd(text, start));
  if (!isWordStart(code)) return make('other', start, start + 1);
  if (next === "'" && 'eEbBxXnN'.includes(char)) {
    return closed('string', text, start, quoteEnd(text, start + 1, "'", char === 'e' || char === 'E'));
  }
  if ((char === 'u' || char === 'U') && next === '&') {
    const quote = text.charAt(start + 2);
    if (quote === "'") return closed('string', text, start, quoteEnd(text, start + 2, "'", false));
    if (quote === '"') return closed('quoted-name', text, start, quoteEnd(text, start + 2, '"', false));
  }
  return make('word', start, wordEnd(text, start));
}

function dollar(text: string, start: number): Token {
  const code = text.charCodeAt(start + 1);
  if (isDigit(code)) return closed('parameter', text, start, numberEnd(text, start + 1));
  // A tag is a name without a dollar sign in it.
  let end = start + 1;
  while (end < text.length && text.charAt(end) !== '$' && isWordPart(text.charCodeAt(end))) end += 1;
  const opens = text.charAt(end) === '$' && (end === start + 1 || isWordStart(code));
  if (!opens) return closed('other', text, start, start + 1);
  const delimiter = text.slice(start, end + 1);
  const close = text.indexOf(delimiter, end + 1);
  return closed('string', text, start, close < 0 ? -1 : close + delimiter.length);
}

/** The end of a quoted token whose opening quote is at `open`; -1 if it never closes. A doubled quote stands for itself. */
function quoteEnd(text: string, open: number, quote: string, backslashes: boolean): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (backslashes && char === '\\') at += 1;
    else if (char === quote) {
      if (text.charAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return -1;
}

function blockCommentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length - 1; at += 1) {
    const pair = text.slice(at, at + 2);
    if (pair === '/*') depth += 1;
    else if (pair === '*/') depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return -1;
}

/** The offset of the line's end (its `\n` or `\r` not included). */
export function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '\n' && text.charAt(at) !== '\r') at += 1;
  return at;
}

function numberEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && isWordPart(text.charCodeAt(at))) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters, underscore and, as in PostgreSQL, everything beyond ASCII. */
function isWordStart(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code >= 128;
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === 36;
}

/** Space, \t, \n, \v, \f, \r. A byte order mark is skipped too: editors write it, nobody means it. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xfeff;
}
