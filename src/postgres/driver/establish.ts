import type { SslMode, Target, TargetHost } from '../connection/target.ts';
import { AttemptError, networkFailure } from './attempt-error.ts';
import type { AttemptFailure } from './attempt-error.ts';
import { openClient } from './client.ts';
import type { OpenClient } from './client.ts';
import { endpointsOf, shuffled } from './endpoints.ts';
import { unfitFor } from './session-attributes.ts';
import { isUnixSocket, openTransport } from './transport.ts';
import type { Endpoint } from './transport.ts';

/** One try that did not succeed. */
export interface FailedAttempt {
  readonly host: TargetHost;
  /** undefined when the host's name was not found. */
  readonly address: string | undefined;
  readonly encrypted: boolean;
  readonly failure: AttemptFailure;
}

/** A search that found no server to use. */
export interface Fruitless {
  /** In order; at least one. */
  readonly failed: readonly FailedAttempt[];
  /** Whether the last failure ended the search: hosts after it were not tried. */
  readonly stopped: boolean;
}

export interface EstablishOptions {
  readonly applicationName: string;
  readonly signal: AbortSignal;
}

/**
 * Tries the hosts of a target as libpq does (`PQconnectPoll` in src/interfaces/libpq/fe-connect.c): each
 * address of each host in turn; the next one after a failed connection, a time-out, the wrong kind of
 * server or one that cannot take connections now. Any other refusal ends the search.
 *
 * @returns the open client, or every failure in order
 * @throws the signal's reason
 */
export async function establish(target: Target, options: EstablishOptions): Promise<OpenClient | Fruitless> {
  const failed: FailedAttempt[] = [];
  const hosts = target.shuffle ? shuffled(target.hosts) : target.hosts;
  // prefer-standby: any server will do in a second round.
  const rounds = target.sessionAttributes === 'prefer-standby' ? (['standby', 'any'] as const) : [target.sessionAttributes];
  for (const sessionAttributes of rounds) {
    for (const host of hosts) {
      const outcome = await tryHost(host, { ...target, sessionAttributes }, options);
      if ('client' in outcome) return outcome;
      failed.push(...outcome.failed);
      if (outcome.stopped) return { failed, stopped: true };
    }
  }
  return { failed, stopped: false };
}

async function tryHost(host: TargetHost, target: Target, options: EstablishOptions): Promise<OpenClient | Fruitless> {
  let endpoints: readonly Endpoint[];
  try {
    endpoints = await untilAborted(endpointsOf(host), options.signal);
  } catch (error) {
    options.signal.throwIfAborted();
    return { failed: [{ host, address: undefined, encrypted: false, failure: networkFailure(error).failure }], stopped: false };
  }
  const failed: FailedAttempt[] = [];
  for (const endpoint of target.shuffle ? shuffled(endpoints) : endpoints) {
    const outcome = await tryEndpoint(endpoint, target, options);
    if ('client' in outcome) return outcome;
    failed.push(...outcome);
    const last = outcome.at(-1);
    const then = last === undefined ? 'next-address' : whatNext(last.failure);
    if (then !== 'next-address') return { failed, stopped: then === 'stop' };
  }
  return { failed, stopped: false };
}

/** One address: once, or with and without TLS for `prefer` and `allow`; one time limit for both. */
async function tryEndpoint(endpoint: Endpoint, target: Target, options: EstablishOptions): Promise<OpenClient | readonly FailedAttempt[]> {
  const failed: FailedAttempt[] = [];
  const deadline = withDeadline(target.connectTimeout, options.signal);
  try {
    for (const encrypted of encryptionOrder(target.tls.mode, isUnixSocket(endpoint))) {
      try {
        return await tryOnce(endpoint, target, encrypted, { ...options, signal: deadline.signal });
      } catch (error) {
        options.signal.throwIfAborted();
        const { failure } = networkFailure(error);
        failed.push({ host: endpoint.host, address: endpoint.address, encrypted, failure });
        if (!triesOtherEncryption(target.tls.mode, failure)) break;
      }
    }
    return failed;
  } finally {
    deadline.clear();
  }
}

async function tryOnce(endpoint: Endpoint, target: Target, encrypted: boolean, options: EstablishOptions): Promise<OpenClient> {
  const transport = await openTransport(endpoint, target, encrypted, options.signal);
  const open = await openClient(transport, endpoint, target, options.applicationName, options.signal);
  const unfit = await unfitFor(target.sessionAttributes, open);
  if (unfit === undefined) return open;
  await open.client.end();
  throw new AttemptError({ kind: 'session-attributes', message: unfit });
}

function encryptionOrder(mode: SslMode, unixSocket: boolean): readonly boolean[] {
  if (unixSocket || mode === 'disable') return [false];
  if (mode === 'allow') return [false, true];
  return mode === 'prefer' ? [true, false] : [true];
}

/** `prefer` falls back when TLS is not to be had or the server refuses; `allow` tries TLS when the server refuses. */
function triesOtherEncryption(mode: SslMode, failure: AttemptFailure): boolean {
  const refused = failure.kind === 'server' && !failure.authenticated && failure.sqlstate !== cannotConnectNow;
  if (mode === 'prefer') return refused || failure.kind === 'tls-unsupported' || failure.kind === 'tls-failed';
  return mode === 'allow' && refused;
}

const cannotConnectNow = '57P03';

function whatNext(failure: AttemptFailure): 'next-address' | 'next-host' | 'stop' {
  if (failure.kind === 'network' || failure.kind === 'timeout') return 'next-address';
  // All addresses of a host are taken for the same server.
  if (failure.kind === 'session-attributes') return 'next-host';
  return failure.kind === 'server' && failure.sqlstate === cannotConnectNow ? 'next-host' : 'stop';
}

/** A signal that also aborts after some seconds (0: never), with the time-out as its reason. */
function withDeadline(seconds: number, signal: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  if (seconds === 0) return { signal, clear: () => undefined };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new AttemptError({ kind: 'timeout', seconds })), seconds * 1000);
  return { signal: AbortSignal.any([signal, controller.signal]), clear: () => clearTimeout(timer) };
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
