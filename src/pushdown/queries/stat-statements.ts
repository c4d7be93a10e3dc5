import { UserError } from '../../base/user-error.ts';
import { DatabaseError } from '../../postgres/errors.ts';
import type { Row, Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import type { QueryInput } from '../types.ts';
import { tokens } from './lexer.ts';
import { isExplainable, readQueries } from './read.ts';

/** What stands for the text of a statement of others (contrib/pg_stat_statements, 14 to 18). */
const hidden = '<insufficient privilege>';

/** What pg_stat_statements knows. */
export interface StatStatements {
  /** Those that took most time first. */
  readonly queries: readonly QueryInput[];
  /** How many statements of the database have no text for this role to see. */
  readonly hidden: number;
}

interface Entry extends Row {
  /** null: of statements of others, all in one. */
  readonly id: string | null;
  readonly query: string | null;
  readonly rows: number;
}

/**
 * The statements of the session's database that took the most time in all, as pg_stat_statements keeps them: with `$1` in place
 * of constants. Utility statements are passed over. Each is named after its queryid, which stays the same as long as its
 * objects do.
 *
 * @param top how many
 * @throws UserError `no-stat-statements`, `stat-statements-hidden`
 */
export async function readStatStatements(session: Session, top: number): Promise<StatStatements> {
  const [extension] = await session.query<{ schema: string }>("SELECT n.nspname::text AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'");
  if (extension === undefined) {
    throw new UserError('no-stat-statements', 'The extension pg_stat_statements is not in this database.', {
      todo: "CREATE EXTENSION pg_stat_statements; the server needs it in shared_preload_libraries, too.",
    });
  }
  const entries = await read(session, extension.schema);
  const unseen = entries.filter(({ query }) => query === hidden).reduce((sum, { rows }) => sum + rows, 0);
  if (unseen > 0 && entries.every(({ query }) => query === hidden)) {
    throw new UserError('stat-statements-hidden', `The role ${session.facts.user} may not see the statements of others.`, { todo: `GRANT pg_read_all_stats TO ${ident(session.facts.user)};` });
  }
  const queries: QueryInput[] = [];
  for (const { id, query } of entries) {
    if (queries.length === top) break;
    // Its file of texts was lost or could not be read.
    if (id === null || query === null || query === hidden || !isExplainable(query)) continue;
    queries.push(inputOf(id, withCasts(query)));
  }
  return { queries, hidden: unseen };
}

async function read(session: Session, schema: string): Promise<readonly Entry[]> {
  try {
    return await session.query<Entry>(
      `SELECT queryid::text AS id, min(query) AS query, count(*)::int AS rows FROM ${ident(schema)}.pg_stat_statements
        WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        GROUP BY queryid ORDER BY sum(total_exec_time) DESC, queryid`,
    );
  } catch (error) {
    // "must be loaded via shared_preload_libraries"
    if (!(error instanceof DatabaseError) || error.sqlstate !== '55000') throw error;
    throw new UserError('no-stat-statements', 'The server does not run pg_stat_statements.', { why: error.message, todo: "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'; and restart the server.", cause: error });
  }
}

function inputOf(id: string, text: string): QueryInput {
  const name = `queryid ${id}`;
  const [query, ...more] = readQueries([{ file: name, text }]);
  // A text of several statements is kept whole where they were sent as one and the server could not cut them.
  if (query === undefined || more.length > 0) {
    return { name, file: undefined, line: 1, sql: text, expect: undefined, error: { message: 'this text has more than one statement', hint: undefined, at: undefined } };
  }
  // What comments in it say was meant for a file.
  return { name, file: undefined, line: 1, sql: query.sql, expect: undefined, error: query.error };
}

/** Types that a constant may follow as a word: `interval '1 day'`, of which `interval $1` is left, and is no SQL. */
const typeWords: ReadonlySet<string> = new Set(['interval', 'date', 'timestamp', 'timestamptz', 'time', 'timetz', 'numeric', 'json', 'jsonb', 'uuid', 'inet', 'bytea', 'text']);

/** The text with `interval $1` written `$1::interval`. */
function withCasts(text: string): string {
  const all = [...tokens(text)];
  let out = '';
  let done = 0;
  for (const [index, token] of all.entries()) {
    const next = all[index + 1];
    const word = text.slice(token.start, token.end);
    if (token.kind !== 'word' || next?.kind !== 'parameter' || !typeWords.has(word.toLowerCase())) continue;
    out += `${text.slice(done, token.start)}${text.slice(next.start, next.end)}::${word}`;
    done = next.end;
  }
  return out + text.slice(done);
}
