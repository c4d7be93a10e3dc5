import { UserError } from '../base/user-error.ts';
import { DatabaseError, isInsufficientPrivilege } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';
import { ident } from '../sql/quote.ts';

/*
 * A secret goes to the server as COPY data, and into its statement inside a DO block (run-statement.ts). So the log,
 * pg_stat_activity, errors and auto_explain never see it, whatever log_statement, log_min_duration_statement and
 * log_min_error_statement say: those stay as they are, and so does the record of what else was done. What sees it all the same
 * are extensions that hook into the execution of inner statements.
 */
interface Sink {
  readonly setting: string;
  /** SQL: whether it would keep a statement inside a DO block. */
  readonly active: string;
  readonly silence: string;
  readonly what: string;
  readonly otherwise: string;
}

const sinks: readonly Sink[] = [
  {
    setting: 'pg_stat_statements.track_utility',
    active: "current_setting('pg_stat_statements.track', true) = 'all' AND current_setting('pg_stat_statements.track_utility', true) = 'on'",
    silence: 'SET LOCAL pg_stat_statements.track_utility = off',
    what: 'pg_stat_statements would keep the statement with the secret (pg_stat_statements.track = all)',
    otherwise: "ALTER SYSTEM SET pg_stat_statements.track = 'top';",
  },
  {
    setting: 'pgaudit.log',
    active: "coalesce(current_setting('pgaudit.log', true), '') NOT IN ('', 'none')",
    silence: "SET LOCAL pgaudit.log = 'none'",
    what: 'pgaudit would write the statement with the secret to the log (pgaudit.log)',
    otherwise: "ALTER ROLE … SET pgaudit.log = 'none';",
  },
];

/** A place that would keep a secret, and that this role may not silence. */
export interface Exposure {
  readonly what: string;
  /** What a superuser can do about it. */
  readonly remedy: string;
}

async function activeSinks(session: Session): Promise<readonly Sink[]> {
  const [row] = await session.query<{ active: boolean[] }>(`SELECT ARRAY[${sinks.map(({ active }) => `coalesce(${active}, false)`).join(', ')}] AS active`);
  return sinks.filter((_, index) => row?.active[index] === true);
}

/** Silences for the rest of the transaction what keeps inner statements, as far as the role may. @returns what it may not */
async function silence(session: Session): Promise<readonly Sink[]> {
  const loud: Sink[] = [];
  for (const sink of await activeSinks(session)) {
    await session.query('SAVEPOINT fdw_silence');
    try {
      await session.query(sink.silence);
      await session.query('RELEASE SAVEPOINT fdw_silence');
    } catch (error) {
      if (!(error instanceof DatabaseError) || !isInsufficientPrivilege(error)) throw error;
      await session.query('ROLLBACK TO SAVEPOINT fdw_silence; RELEASE SAVEPOINT fdw_silence');
      loud.push(sink);
    }
  }
  return loud;
}

/** For the rest of the open transaction. The debug_print settings are anybody's, and would print the statement's tree. */
export async function silenceSinks(session: Session): Promise<void> {
  await session.query('SET LOCAL debug_print_parse = off; SET LOCAL debug_print_rewritten = off; SET LOCAL debug_print_plan = off');
  await silence(session);
}

/**
 * What would keep a secret that this role sends; the settings stay as they are.
 * @param session in an open transaction
 */
export async function exposuresOf(session: Session): Promise<readonly Exposure[]> {
  await session.query('SAVEPOINT fdw_exposures');
  const loud = await silence(session);
  const [self] = await session.query<{ role: string }>('SELECT current_user AS role');
  await session.query('ROLLBACK TO SAVEPOINT fdw_exposures; RELEASE SAVEPOINT fdw_exposures');
  const grant = ({ setting }: Sink): string => `GRANT SET ON PARAMETER ${setting} TO ${ident(self?.role ?? '')}; or `;
  return loud.map((sink) => ({ what: sink.what, remedy: `${session.facts.versionNum >= 150000 ? grant(sink) : ''}${sink.otherwise}` }));
}

/** @throws UserError `secret-would-be-kept` */
export function refuseExposures(exposures: readonly Exposure[]): void {
  if (exposures.length === 0) return;
  throw new UserError('secret-would-be-kept', 'The server would keep a secret where others can read it, and this role may not prevent that; nothing was sent.', {
    why: exposures.map(({ what }) => `${what}.`).join('\n'),
    todo: `As a superuser:\n${exposures.map(({ remedy }) => remedy).join('\n')}\nOr send it all the same: --expose-secrets.`,
  });
}
