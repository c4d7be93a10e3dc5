import { UserError } from '../base/user-error.ts';
import { DatabaseError, isInsufficientPrivilege } from '../postgres/errors.ts';
import type { Session } from '../postgres/session.ts';
import { ident, literal } from '../sql/quote.ts';

/*
 * A secret goes to the server as COPY data, and into its statement inside a DO block (run-statement.ts). So the log,
 * pg_stat_activity, errors and auto_explain never see it, whatever log_statement, log_min_duration_statement and
 * log_min_error_statement say. What sees it all the same are extensions that hook into the execution of inner statements, and
 * the log where a message comes up meanwhile: an event trigger's WARNING, or the server's own words from debug1 on, have the inner
 * statement as their context (tried on 14 to 18). These are silenced inside the block, around that one statement, so that
 * the record of everything else is kept, the block's own included.
 */
interface Sink {
  readonly setting: string;
  /** SQL: whether it may keep a statement inside a DO block, and so is to be silenced. */
  readonly active: string;
  readonly silent: string;
  /** SQL: whether it surely keeps one, so that none is sent where it cannot be silenced; undefined: it does where it is active. */
  readonly keeps?: string;
  readonly what: string;
  readonly otherwise: string;
  /** Where it does not surely keep one: what may make it, and SQL for whether there is that. */
  readonly perhaps?: { readonly active: string; readonly what: string; readonly otherwise: string };
}

const sinks: readonly Sink[] = [
  {
    setting: 'pg_stat_statements.track_utility',
    active: "current_setting('pg_stat_statements.track', true) = 'all' AND current_setting('pg_stat_statements.track_utility', true) = 'on'",
    silent: 'off',
    what: 'pg_stat_statements would keep the statement with the secret (pg_stat_statements.track = all)',
    otherwise: "ALTER SYSTEM SET pg_stat_statements.track = 'top';",
  },
  {
    setting: 'pgaudit.log',
    active: "coalesce(current_setting('pgaudit.log', true), '') NOT IN ('', 'none')",
    silent: 'none',
    what: 'pgaudit would write the statement with the secret to the log (pgaudit.log)',
    otherwise: "ALTER ROLE … SET pgaudit.log = 'none';",
  },
  {
    setting: 'log_min_messages',
    active: "current_setting('log_min_messages') NOT IN ('fatal', 'panic')",
    silent: 'fatal',
    keeps: "current_setting('log_min_messages') LIKE 'debug%'",
    what: 'the log would have the statement with the secret as the context of debugging messages (log_min_messages)',
    otherwise: "ALTER ROLE … SET log_min_messages = 'warning';",
    perhaps: {
      active: "EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D')",
      what: 'if an event trigger here writes to the log (RAISE WARNING, RAISE LOG), the log has the statement with the secret as its context',
      otherwise: 'carry the plan out yourself.',
    },
  },
];

/* Anybody may set these; the first ones would print the statement's tree. */
const free = { debug_print_parse: 'off', debug_print_rewritten: 'off', debug_print_plan: 'off', client_min_messages: 'error' };

/** A setting, for as long as a secret is in the statement that runs. */
export interface Silence {
  readonly setting: string;
  readonly before: string;
  readonly meanwhile: string;
}

/** A place that would keep a secret, and that this role may not silence. */
export interface Exposure {
  readonly what: string;
  /** What a superuser can do about it. */
  readonly remedy: string;
  /** Nothing is sent where it surely keeps one. */
  readonly surely: boolean;
}

interface Found {
  readonly silences: readonly Silence[];
  /** Sinks that surely keep a secret and that this role may not silence. */
  readonly loud: readonly Sink[];
  /** Those that may keep one. */
  readonly perhaps: readonly (Pick<Sink, 'setting'> & Required<Sink>['perhaps'])[];
}

/** What there is to silence, and what this role may not; nothing is set. */
async function look(session: Session): Promise<Found> {
  const names = [...Object.keys(free), ...sinks.map(({ setting }) => setting)];
  const list = (expressions: readonly string[]): string => `ARRAY[${expressions.map((sql) => `coalesce(${sql}, false)`).join(', ')}]`;
  const [row] = await session.query<{ values: (string | null)[]; active: boolean[]; keeps: boolean[]; perhaps: boolean[] }>(
    `SELECT ARRAY[${names.map((name) => `current_setting(${literal(name)}, true)`).join(', ')}] AS values,
      ${list(sinks.map(({ active }) => active))} AS active, ${list(sinks.map(({ active, keeps }) => keeps ?? active))} AS keeps,
      ${list(sinks.map(({ perhaps }) => perhaps?.active ?? 'false'))} AS perhaps`,
  );
  const before = (name: string): string => row?.values[names.indexOf(name)] ?? '';
  const silences = Object.entries(free).map(([setting, meanwhile]): Silence => ({ setting, before: before(setting), meanwhile }));
  const loud: Sink[] = [];
  const perhaps: Found['perhaps'][number][] = [];
  for (const [index, sink] of sinks.entries()) {
    if (row?.active[index] !== true) continue;
    const { setting, silent } = sink;
    if (await maySet(session, setting, silent)) silences.push({ setting, before: before(setting), meanwhile: silent });
    else if (row.keeps[index] === true) loud.push(sink);
    else if (row.perhaps[index] === true && sink.perhaps !== undefined) perhaps.push({ setting, ...sink.perhaps });
  }
  return { silences, loud, perhaps };
}

/* Before 15 there is no function that tells (has_parameter_privilege), and managed services let other roles set more than PostgreSQL does. */
async function maySet(session: Session, setting: string, value: string): Promise<boolean> {
  try {
    await session.query(`SAVEPOINT fdw_silence; SET LOCAL ${setting} = ${literal(value)}; ROLLBACK TO SAVEPOINT fdw_silence; RELEASE SAVEPOINT fdw_silence`);
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || !isInsufficientPrivilege(error)) throw error;
    await session.query('ROLLBACK TO SAVEPOINT fdw_silence; RELEASE SAVEPOINT fdw_silence');
    return false;
  }
}

/** What this role may silence, while a statement with a secret runs in the open transaction. */
export async function silencesOf(session: Session): Promise<readonly Silence[]> {
  return (await look(session)).silences;
}

/**
 * What would keep a secret that this role sends, or might.
 * @param session in an open transaction
 */
export async function exposuresOf(session: Session): Promise<readonly Exposure[]> {
  const { loud, perhaps } = await look(session);
  const [self] = await session.query<{ role: string }>('SELECT current_user AS role');
  const grant = ({ setting }: Pick<Sink, 'setting'>): string => `GRANT SET ON PARAMETER ${setting} TO ${ident(self?.role ?? '')}; or `;
  const exposure = (surely: boolean) => (sink: Pick<Sink, 'setting' | 'what' | 'otherwise'>): Exposure => ({
    what: sink.what,
    remedy: `${session.facts.versionNum >= 150000 ? grant(sink) : ''}${sink.otherwise}`,
    surely,
  });
  return [...loud.map(exposure(true)), ...perhaps.map(exposure(false))];
}

/** @throws UserError `secret-would-be-kept` */
export function refuseExposures(found: readonly Exposure[]): void {
  const exposures = found.filter(({ surely }) => surely);
  if (exposures.length === 0) return;
  throw new UserError('secret-would-be-kept', 'The server would keep a secret where others can read it, and this role may not prevent that; nothing was sent.', {
    why: exposures.map(({ what }) => `${what}.`).join('\n'),
    todo: `As a superuser:\n${exposures.map(({ remedy }) => remedy).join('\n')}\nOr send it all the same: --expose-secrets.`,
  });
}
