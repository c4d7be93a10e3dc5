import type { ConnectOptions } from '../connect.ts';
import type { Target } from '../connection/target.ts';
import type { ServerFacts, Session } from '../session.ts';
import { sendCancel } from './cancel.ts';
import type { OpenClient } from './client.ts';
import { connectionError } from './connection-error.ts';
import { establish } from './establish.ts';
import { PgSession, interrupted } from './pg-session.ts';
import { setUpSession, type TimeLimits } from './session-settings.ts';

const defaultStatementTimeout = 60_000;
const defaultLockTimeout = 5_000;

/** What `connect` does once the driver is loaded. */
export async function openSession(target: Target, options: ConnectOptions): Promise<Session> {
  const signal = options.signal ?? new AbortController().signal;
  if (signal.aborted) throw interrupted();
  let open: OpenClient;
  try {
    const outcome = await establish(target, { applicationName: target.applicationName ?? options.applicationName, signal });
    if (!('client' in outcome)) throw connectionError(outcome, target);
    open = outcome;
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  }
  const session = new PgSession(open, factsOf(open, target), () => sendCancel(open, target), options.signal);
  try {
    await setUpSession(session, open.key?.processId, timeLimits(target, options), options.farewell);
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

function factsOf(open: OpenClient, target: Target): ServerFacts {
  const { host } = open.endpoint;
  return {
    versionNum: versionNumber(open.parameters.get('server_version') ?? ''),
    database: target.database,
    user: target.user,
    host: host.host === '' ? open.endpoint.address : host.host,
    port: host.port,
    tls: open.transport.tls,
    pooled: false,
  };
}

/** `18.4 (Debian …)` is 180004, `19beta1` is 190000 (libpq: `pqSaveParameterStatus` in fe-exec.c). */
function versionNumber(version: string): number {
  const [, major = '0', minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return Number(major) * 10000 + Number(minor);
}

/** In milliseconds, by setting. */
function timeLimits(target: Target, options: ConnectOptions): TimeLimits {
  const own = target.startup.get('options') ?? '';
  return [
    ['statement_timeout', options.statementTimeout ?? defaultStatementTimeout] as const,
    ['lock_timeout', options.lockTimeout ?? defaultLockTimeout] as const,
  ].filter(([name]) => !own.includes(name));
}
