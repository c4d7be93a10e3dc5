import { ensureMemory } from '../../base/memory.ts';
import type { SourceFile } from '../../base/source.ts';
import type { QueryError, QueryInput } from '../types.ts';
import { readAnnotation } from './annotation.ts';
import { Places } from './place.ts';
import { split } from './split.ts';
import type { Flaw, Piece } from './split.ts';

/** What a statement that EXPLAIN takes and that only reads or writes rows starts with; `(` is a SELECT's. */
const explainable = ['select', 'insert', 'update', 'delete', 'merge', 'values', 'table', 'with'];

/** A text with queries, as it came. */
export interface QuerySource extends SourceFile {
  /** Why there is no text. */
  readonly unreadable?: Pick<QueryError, 'message' | 'hint'>;
  /** Offsets of the signs that stand for what could not be decoded. */
  readonly undecodable?: readonly number[];
}

/**
 * The statements of query files, in order. Pure: the texts are there already. Whatever is no statement that
 * can be EXPLAINed (a syntax that cannot be cut, a psql command, a utility statement, a wrong annotation) comes
 * out with its `error` and place, and the rest goes on.
 * @throws UserError `out-of-memory`
 */
export function readQueries(files: readonly QuerySource[]): readonly QueryInput[] {
  return files.flatMap((file) => [...queriesOf(file)]);
}

function* queriesOf(source: QuerySource): Generator<QueryInput> {
  const places = new Places(source);
  if (source.unreadable !== undefined) {
    const error = { ...source.unreadable, at: places.span(0, 0) };
    yield { name: source.file, file: source.file, line: 1, region: places.region(0, 0), sql: '', expect: undefined, error };
    return;
  }
  const undecodable = source.undecodable ?? [];
  let seen = 0;
  let read = 0;
  for (const piece of split(source.text)) {
    if ((read += 1) % 8192 === 0) ensureMemory();
    while ((undecodable[seen] ?? Infinity) < piece.start) seen += 1;
    const line = places.line(piece.start);
    const annotation = readAnnotation(source.text, piece.comments, places);
    const sql = source.text.slice(piece.start, piece.end);
    yield {
      name: annotation.name ?? `${source.file}:${line}`,
      file: source.file,
      line,
      region: places.region(piece.start, piece.end),
      sql,
      expect: annotation.expect,
      ...(annotation.ignores.length > 0 && { ignores: annotation.ignores }),
      error: decodingError(undecodable[seen], piece, places) ?? flawError(piece, sql, places) ?? annotation.error,
      origin: { source, offset: piece.start },
    };
  }
}

/** Whether a text begins as a statement that EXPLAIN takes. */
export function isExplainable(text: string): boolean {
  const [piece] = split(text);
  return piece !== undefined && begins(text.slice(piece.start, piece.end), piece.words[0]);
}

function begins(sql: string, first: string | undefined): boolean {
  return sql.startsWith('(') ? first === 'select' || first === 'values' || first === 'table' || first === 'with' : explainable.includes(first ?? '');
}

/** @param at where the next sign stands that could not be decoded */
function decodingError(at: number | undefined, { end }: Piece, places: Places): QueryError | undefined {
  return at === undefined || at >= end ? undefined : { message: 'this is not UTF-8', hint: 'save the file as UTF-8', at: places.span(at, at + 1) };
}

function flawError(piece: Piece, sql: string, places: Places): QueryError | undefined {
  if (piece.flaw !== undefined) {
    const { message, hint } = flawText(piece.flaw, sql, piece.start);
    return { message, hint, at: places.span(piece.flaw.start, piece.flaw.end) };
  }
  const nul = sql.indexOf('\0');
  if (nul >= 0) return { ...flawText({ kind: 'nul', start: 0, end: 0 }, sql, 0), at: places.span(piece.start + nul, piece.start + nul + 1) };
  const first = piece.words[0];
  if (begins(sql, first)) return undefined;
  const at = places.span(piece.start, piece.start + Math.max(1, first?.length ?? 1));
  if (first === undefined) return { message: 'this is no SQL statement', hint: undefined, at };
  const words = piece.words.slice(0, first === 'create' || first === 'alter' || first === 'drop' ? 2 : 1).join(' ').toUpperCase();
  return { message: notJudged(words), hint: first === 'explain' ? 'leave EXPLAIN out: fdw adds it' : undefined, at };
}

/** Sentences by their words: a dump has thousands of each. */
const sentences = new Map<string, string>();

function notJudged(words: string): string {
  const sentence = sentences.get(words) ?? `${words} is not judged: only SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE and WITH have a plan of their own`;
  if (sentences.size < 1000) sentences.set(words, sentence);
  return sentence;
}

function flawText(flaw: Flaw, sql: string, start: number): { readonly message: string; readonly hint: string | undefined } {
  switch (flaw.kind) {
    case 'meta-command':
      return { message: `\`${sql.slice(flaw.start - start).split(' ', 1)[0] ?? ''}\` is a command of psql, not SQL`, hint: 'keep such lines out of query files' };
    case 'unclosed':
      return { message: 'a quote or comment that starts here never ends', hint: 'the next statement was looked for after the next line that ends with a semicolon' };
    case 'astray':
      return { message: 'an annotation stands above the statement that it is for, and this one does not', hint: 'move it to a line of its own above the statement' };
    case 'nul':
      return { message: 'a NUL byte cannot stand in SQL', hint: undefined };
    case 'parentheses':
      return { message: 'a parenthesis of this statement is never closed', hint: undefined };
  }
}
