import { UserError } from '../base/user-error.ts';
import { version } from '../base/version.ts';
import { connect } from '../postgres/connect.ts';
import { describeTarget } from '../postgres/connection/describe.ts';
import { resolveTarget } from '../postgres/connection/resolve.ts';
import type { Session } from '../postgres/session.ts';
import type { DirectRemote } from '../pushdown/answers/direct.ts';
import type { JudgeRequest } from './types.ts';

const flag = '--remote-url';
const variable = 'FDW_REMOTE_URL';

/**
 * The remotes that the user lets fdw connect to by itself: by `--remote-url SERVER=URL`, else by a line of the variable
 * FDW_REMOTE_URL each, which keeps passwords off the command line.
 *
 * @throws UserError `usage` (nothing of what is wrong is repeated: there may be a password in it), `connection-invalid`
 */
export async function directRemotes(session: Session, { remote, remoteUrls, env, timeLimitMs, signal, progress }: JudgeRequest): Promise<readonly DirectRemote[]> {
  if (!remote && remoteUrls.length > 0) throw new UserError('usage', `${flag} is of use with --remote only.`, { todo: 'Give --remote too.' });
  if (!remote) return [];
  const given = new Map([
    ...(env[variable] ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => parsed(line, variable)),
    ...remoteUrls.map((text) => parsed(text, flag)),
  ]);
  if (given.size === 0) return [];
  const known = await session.query<{ name: string }>('SELECT srvname::text AS name FROM pg_catalog.pg_foreign_server');
  const found: DirectRemote[] = [];
  for (const [server, { url, from }] of given) {
    if (!known.some(({ name }) => name === server)) {
      throw new UserError('usage', `${from} names the server "${server}", which the local database does not have.`, { todo: `Its servers: ${known.map(({ name }) => name).sort().join(', ')}.` });
    }
    const target = await resolveTarget(url, withoutLocal(env), from);
    const open = (): Promise<Session> => {
      progress(`connecting to the remote of ${server} directly: ${describeTarget(target)}`);
      return connect(target, { applicationName: `fdw/${version}`, signal, statementTimeout: timeLimitMs });
    };
    found.push({ server, open });
  }
  return found;
}

function parsed(text: string, from: string): readonly [string, { readonly url: string; readonly from: string }] {
  const [, server, url] = /^([^=]+)=(.+)$/su.exec(text) ?? [];
  // Without its server a URL would be cut at the first = in it.
  if (server === undefined || url === undefined || server.includes('://')) {
    throw new UserError('usage', `${from} wants a server and where it leads, as SERVER=URL.`, { todo: 'Write shop=postgres://reader@db.example.com/shop; leave the password to a password file.' });
  }
  return [server, { url, from }];
}

/** Variables about the local database, above all its password, are none of a remote's. */
function withoutLocal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !local.has(name)));
}

const local = new Set(['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD', 'PGSERVICE', 'PGOPTIONS', 'PGTARGETSESSIONATTRS']);
