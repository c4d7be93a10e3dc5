import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { isSocketFolder, socketPath } from '../connection/places.ts';
import type { Target, TargetHost } from '../connection/target.ts';
import { AttemptError, errorCode, networkFailure } from './attempt-error.ts';
import { tlsMaterial } from './tls-files.ts';

/** One address of one host. */
export interface Endpoint {
  readonly host: TargetHost;
  /** An IP address, or the path of a Unix socket. */
  readonly address: string;
}

/** An open stream to a server, ready for the start-up message. */
export interface Transport {
  readonly socket: Socket;
  readonly tls: boolean;
}

/** Whether the endpoint is a Unix socket: there libpq never asks for TLS, whatever sslmode says. */
export function isUnixSocket(endpoint: Endpoint): boolean {
  return endpoint.host.hostaddr === undefined && isSocketFolder(endpoint.host.host);
}

/**
 * Opens a stream to an endpoint, encrypted or not.
 *
 * @param signal aborts: the socket is destroyed and the promise rejects with the signal's reason
 * @throws {AttemptError}
 */
export async function openTransport(endpoint: Endpoint, target: Target, encrypted: boolean, signal: AbortSignal): Promise<Transport> {
  const socket = await openSocket(endpoint, target, signal);
  if (!encrypted) return { socket, tls: false };
  try {
    if (target.tls.negotiation === 'postgres') await askForTls(socket, signal);
    return { socket: await handshake(socket, endpoint, target, signal), tls: true };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function openSocket(endpoint: Endpoint, target: Target, signal: AbortSignal): Promise<Socket> {
  const unix = isUnixSocket(endpoint);
  const socket = unix
    ? connectTcp({ path: socketPath(endpoint.host.host, endpoint.host.port) })
    : connectTcp({ host: endpoint.address, port: endpoint.host.port });
  keepErrorsHarmless(socket);
  await settle<undefined>(socket, signal, (resolve) => socket.once('connect', () => resolve(undefined)));
  if (!unix) {
    socket.setNoDelay(true);
    if (target.keepAliveIdle !== undefined) socket.setKeepAlive(true, target.keepAliveIdle * 1000);
  }
  return socket;
}

/** The SSLRequest message (protocol: "SSL Session Encryption"): length 8, code 80877103. */
async function askForTls(socket: Socket, signal: AbortSignal): Promise<void> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(80877103, 4);
  socket.write(request);
  const answer = await settle<Buffer>(socket, signal, (resolve) => socket.once('data', resolve));
  socket.pause();
  const letter = answer.toString('latin1', 0, 1);
  if (letter === 'S') {
    if (answer.length === 1) return;
    // More than this byte before the handshake is an attempt to inject (CVE-2021-23222).
    throw new AttemptError({ kind: 'protocol', message: 'It sent data before the TLS handshake.' });
  }
  if (letter === 'N') throw new AttemptError({ kind: 'tls-unsupported' });
  if (letter === 'E') {
    // Its text comes from nobody we know yet, so it is not shown (as in libpq since 17.1).
    throw new AttemptError({ kind: 'network', code: 'TLS_REQUEST', message: 'The server answered the request for TLS with an error.' });
  }
  throw new AttemptError({ kind: 'protocol', message: 'It did not answer the request for TLS as PostgreSQL does.' });
}

async function handshake(socket: Socket, endpoint: Endpoint, target: Target, signal: AbortSignal): Promise<TLSSocket> {
  const { tls } = target;
  const { context, verify } = await tlsMaterial(tls);
  const name = endpoint.host.host;
  if (tls.mode === 'verify-full' && name === '') {
    throw new AttemptError({
      kind: 'tls-failed',
      code: 'NO_HOST_NAME',
      message: 'sslmode=verify-full needs a host name to compare with the certificate, and only hostaddr is given.',
    });
  }
  const secure = connectTls({
    socket,
    secureContext: context,
    rejectUnauthorized: verify,
    // The name is compared below, with libpq's rules and only for verify-full.
    checkServerIdentity: () => undefined,
    ...(tls.serverNameIndication && name !== '' && isIP(name) === 0 ? { servername: name } : {}),
    ...(tls.negotiation === 'direct' ? { ALPNProtocols: ['postgresql'] } : {}),
  });
  keepErrorsHarmless(secure);
  try {
    await settle<undefined>(secure, signal, (resolve) => secure.once('secureConnect', () => resolve(undefined)));
  } catch (error) {
    throw error instanceof AttemptError && error.failure.kind === 'network'
      ? new AttemptError({ ...error.failure, kind: 'tls-failed' })
      : error;
  }
  const problem =
    tls.negotiation === 'direct' && secure.alpnProtocol !== 'postgresql'
      ? { code: 'NO_ALPN', message: 'The server did not agree to speak PostgreSQL (ALPN), which sslnegotiation=direct needs.' }
      : tls.mode === 'verify-full'
        ? wrongName(name, secure.getPeerCertificate())
        : undefined;
  if (problem !== undefined) {
    secure.destroy();
    throw new AttemptError({ kind: 'tls-failed', ...problem });
  }
  return secure;
}

/**
 * Compares the host name with the certificate. Node's rules are libpq's but for one: libpq also accepts an
 * address in the common name of a certificate without alternative names (fe-secure-common.c).
 */
function wrongName(name: string, certificate: PeerCertificate): { readonly code: string; readonly message: string } | undefined {
  const error = checkServerIdentity(name, certificate);
  if (error === undefined) return undefined;
  const commonNames = [certificate.subject?.CN ?? []].flat();
  if (isIP(name) !== 0 && certificate.subjectaltname === undefined && commonNames.includes(name)) return undefined;
  const names = certificate.subjectaltname ?? (commonNames.join(', ') || 'no name');
  return { code: errorCode(error), message: names };
}

/** A socket's error ends the process when nobody listens, be it only between two steps. */
function keepErrorsHarmless(socket: Socket): void {
  socket.on('error', () => undefined);
}

/** Waits for what `start` listens for; fails when the socket does, or closes, or the signal aborts. */
async function settle<T>(socket: Socket, signal: AbortSignal, start: (resolve: (value: T) => void) => void): Promise<T> {
  let cleanUp = (): void => undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const onError = (error: Error): void => reject(networkFailure(error));
      const onClose = (): void => reject(new AttemptError({ kind: 'network', code: 'CLOSED', message: 'The server closed the connection.' }));
      const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      cleanUp = (): void => {
        socket.off('error', onError).off('close', onClose);
        signal.removeEventListener('abort', onAbort);
      };
      socket.on('error', onError).on('close', onClose);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      else start(resolve);
    });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    cleanUp();
  }
}
