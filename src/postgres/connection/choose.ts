import { connectionInvalid } from './settings.ts';

/** Which of a user's settings says what database to work on. */
export interface DatabaseChoice {
  /** A connection string, for `resolveTarget`; undefined: only `PG*` variables and defaults. May hold a password. */
  readonly connection: string | undefined;
  /** How the choice is named to users: `--database`, `FDW_DATABASE_URL`, `the spec`, `DATABASE_URL`, `PG* variables`. */
  readonly chosenBy: string;
}

/**
 * Chooses the local database: `--database`, then `FDW_DATABASE_URL`, then the spec's `database`, then
 * `DATABASE_URL`, then libpq's variables. An empty variable counts as not set; an empty flag is refused, since it
 * would lead to another database than the one that was meant.
 *
 * @param sources.flag the value of `--database`
 * @param sources.spec the spec's `database`, with variables already put in
 * @throws {UserError} `connection-invalid` for an empty flag
 */
export function chooseDatabase(sources: {
  readonly flag: string | undefined;
  readonly spec: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}): DatabaseChoice {
  const { flag, spec, env } = sources;
  if (flag === '') throw connectionInvalid('--database is empty.', { todo: 'Name a database, or leave --database out; a variable in the command may be unset.' });
  if (flag !== undefined) return { connection: flag, chosenBy: '--database' };
  if (isSet(env['FDW_DATABASE_URL'])) return { connection: env['FDW_DATABASE_URL'], chosenBy: 'FDW_DATABASE_URL' };
  if (spec !== undefined) return { connection: spec, chosenBy: 'the spec' };
  if (isSet(env['DATABASE_URL'])) return { connection: env['DATABASE_URL'], chosenBy: 'DATABASE_URL' };
  return { connection: undefined, chosenBy: 'PG* variables' };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
