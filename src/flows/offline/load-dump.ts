import type { SourceFile } from '../../base/source.ts';
import type { Problem } from '../../base/spec-error.ts';
import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { Places } from '../../pushdown/queries/place.ts';
import { split, type Piece } from '../../pushdown/queries/split.ts';
import { ident } from '../../sql/quote.ts';

/** What a dump of a schema is made of. Anything else, COPY and DO above all, is not run. */
const taken = new Set(['create', 'alter', 'comment', 'grant', 'revoke']);

/** Settings, as pg_dump makes them, search_path above all. Those that this major does not know mean nothing here. */
function isSetting([first, second, third]: readonly string[]): boolean {
  return first === 'set' || (first === 'select' && (second === 'set_config' || (second === 'pg_catalog' && third === 'set_config')));
}

/** What pg_dump writes for the data of sequences, and what is no SQL. */
function meansNothing(piece: Piece): boolean {
  return piece.flaw?.kind === 'meta-command' || (piece.words[0] === 'select' && piece.words.includes('setval'));
}

interface Refused {
  readonly piece: Piece;
  readonly error: DatabaseError;
}

/**
 * Runs the statements of a dump, each by itself, in the order in which they can be had: those that fail are tried again as long as others
 * succeed. Roles that are named and missing are created. Whatever cannot be had is a warning at its place, never fatal.
 *
 * @param session of the superuser of a scratch cluster; its settings are changed
 */
export async function loadDump(session: Session, source: SourceFile, signal: AbortSignal): Promise<readonly Problem[]> {
  // Bodies of functions may name what comes later.
  await session.query('SET check_function_bodies = false; SET client_min_messages = error');
  const places = new Places(source);
  const warnings: Problem[] = [];
  let waiting: Piece[] = [];
  for (const piece of split(source.text)) {
    const [word = ''] = piece.words;
    if (meansNothing(piece)) continue;
    if (piece.flaw === undefined && (taken.has(word) || isSetting(piece.words))) waiting.push(piece);
    else warnings.push({ message: `not taken from the dump: ${word.toUpperCase() || 'this'} is no statement of a schema`, at: places.span(piece.start, piece.start + Math.max(1, word.length)) });
  }
  for (let progress = true; progress && waiting.length > 0; ) {
    const refused: Refused[] = [];
    for (const piece of waiting) {
      signal.throwIfAborted();
      const error = await run(session, source.text.slice(piece.start, piece.end));
      if (error !== undefined && !isSetting(piece.words)) refused.push({ piece, error });
    }
    progress = refused.length < waiting.length;
    waiting = refused.map(({ piece }) => piece);
    if (!progress) warnings.push(...refused.map(({ piece, error }) => ({ message: `not taken from the dump: ${error.message}`, at: places.span(piece.start, piece.end), hint: error.hint })));
  }
  return warnings;
}

/** 42710, 42P06, 42P07, 42723: it is there already, as schema public is. */
const present = new Set(['42710', '42P06', '42P07', '42723']);

async function run(session: Session, sql: string): Promise<DatabaseError | undefined> {
  for (let tries = 0; ; tries++) {
    try {
      await session.queryOne(sql);
      return undefined;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (present.has(error.sqlstate)) return undefined;
      // The cluster is ours and speaks English.
      const role = /^role "(.*)" does not exist$/.exec(error.message)?.[1];
      if (role === undefined || tries > 20) return error;
      await session.query(`CREATE ROLE ${ident(role)}`);
    }
  }
}
