import { boolean, help, integer, option, string } from '@oclif/core/flags';
import { UserError } from '../../base/user-error.ts';
import type { OfflineRequest } from '../../flows/types.ts';
import { prose } from './prose.ts';

/** What every command takes. */
export const globalFlags = {
  quiet: boolean({ description: 'Leave out progress and hints; warnings and errors stay.', helpGroup: 'GLOBAL' }),
  'no-color': boolean({
    description: 'Print without colours. NO_COLOR, FORCE_COLOR and TERM=dumb are heeded too.',
    helpGroup: 'GLOBAL',
  }),
  help: help({ description: 'Show this help.', helpGroup: 'GLOBAL' }),
};

/** For commands that read a spec. */
export const specFlag = string({ description: 'The spec: a file, a folder of files, or - for standard input.', helpValue: 'FILE', default: 'fdw.yaml' });

/** For commands that read a spec: one of its `environments`. */
export const environmentFlag = string({ description: 'Lay this environment of the spec over the rest of it.', helpValue: 'NAME' });

/** For commands that talk to the local database. */
export const databaseFlag = string({
  description: prose(`
    The local database, as a URL or as key=value pairs, as libpq takes them. Without it: FDW_DATABASE_URL, the
    spec's \`database\`, DATABASE_URL, or libpq's own variables (PGHOST, PGDATABASE, PGSERVICE …), in this order.
  `),
  helpValue: 'URL',
});

/** `--format` with the formats of one command. */
export function formatFlag<const F extends string>(formats: readonly F[]) {
  // A long list would push the help of every flag below its name.
  if (formats.length > 3) return option({ description: `What to print: ${formats.join(', ')}.`, options: formats })({ helpValue: 'FORMAT' });
  return option({ description: 'What to print.', options: formats })({ helpValue: `<${formats.join('|')}>` });
}

/** `--output`, for commands that print in several formats at once. */
export const outputFlag = string({
  description: prose(`
    Write the answer to a file too, in a format of its own: sarif=fdw.sarif. May be given several times; - is standard
    output, in place of --format.
  `),
  helpValue: 'FORMAT=FILE',
  multiple: true,
});

/** For commands that write secrets: a plan rehearses what an apply does. */
export const secretFlags = {
  'set-secrets': boolean({ description: 'Write user mappings whose options this role may not see, and so cannot compare, all the same.' }),
  'expose-secrets': boolean({ description: 'Send secrets although the server would keep them where others can read them; without it fdw names the place and refuses.' }),
};

/** For commands that can do without remotes. */
export const snapshotFlag = string({ description: 'Take what is behind imported schemas from this file, which fdw snapshot wrote, and ask no remote.', helpValue: 'FILE' });

/** `--json`, for commands that have a JSON form. */
export const jsonFlag = boolean({ description: 'The same as --format json.' });

/**
 * The format that `--format` and `--json` ask for together; text without both.
 * @throws UserError where they contradict each other
 */
export function chosenFormat<F extends string>(flags: { readonly format: F | undefined; readonly json: boolean }): F | 'json' | 'text' {
  if (!flags.json) return flags.format ?? 'text';
  if (flags.format !== undefined && flags.format !== 'json') {
    throw new UserError('usage', `--json and --format ${flags.format} contradict each other.`, { todo: 'Leave one of them out.' });
  }
  return 'json';
}

/** The spec that commands look for where it is optional. */
export const defaultSpec = 'fdw.yaml';

/** For commands that judge queries. */
export const judgeFlags = {
  role: string({ description: "EXPLAIN as this role, instead of the spec's.", helpValue: 'ROLE' }),
  remote: boolean({
    description: 'Ask the remotes whether they take what would be sent, and for their plans; through dblink where it is installed. Nothing is run there.',
    default: false,
  }),
  analyze: boolean({
    description: 'Execute the SELECTs too (EXPLAIN ANALYZE), read only and rolled back, and say what really came. Anything that might change something is refused.',
    default: false,
  }),
  'remote-url': string({
    description: prose(`
      With --remote: where this server's remote is for fdw itself, for what the database cannot ask it: writes and plans, without dblink.
      May be given several times, or as lines of FDW_REMOTE_URL. Leave passwords to a password file.
    `),
    helpValue: 'SERVER=URL',
    multiple: true,
  }),
  'time-limit': integer({ description: 'Seconds that each statement may take.', helpValue: 'SECONDS', default: 30, min: 1, max: 86_400 }),
  offline: boolean({
    description: 'Use no database: a scratch PostgreSQL, made of the spec and --schema, with nothing behind its servers. Same verdicts, no secrets, no network.',
    exclusive: ['database', 'remote', 'analyze'],
  }),
  postgres: integer({ description: 'With --offline: the major of PostgreSQL, 14 to 18. Without it: the one that is installed.', helpValue: 'MAJOR', min: 14, max: 18, dependsOn: ['offline'] }),
  schema: string({ description: 'With --offline: a dump of the local database, pg_dump --schema-only.', helpValue: 'FILE', dependsOn: ['offline'] }),
  snapshot: string({ description: 'With --offline: what fdw snapshot wrote, for the imported schemas.', helpValue: 'FILE', dependsOn: ['offline'] }),
};

/** What `--offline` asks for. */
export function offlineRequest(flags: { readonly offline: boolean; readonly postgres: number | undefined; readonly schema: string | undefined; readonly snapshot: string | undefined }): OfflineRequest | undefined {
  const { offline, postgres, schema, snapshot } = flags;
  return offline ? { postgres, schema, snapshot } : undefined;
}
