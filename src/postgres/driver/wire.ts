import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import pg from 'pg';
import { AttemptError } from './attempt-error.ts';
import type { AuthenticationGuard } from './authentication-guard.ts';

/** Methods of node-postgres that its types leave out (pg 8.23, lib/connection.js). */
declare module 'pg' {
  interface Connection {
    attachListeners(stream: EventEmitter): void;
    sendSASLInitialResponseMessage(mechanism: string, response: string): void;
    sendCopyFromChunk(chunk: Buffer): void;
    endCopyFrom(): void;
  }
}

/** Authentication requests that the driver's parser throws on (protocol: "Message Formats", Authentication…). */
const unknownRequests: Readonly<Record<string, string>> = {
  '2': 'Kerberos V5',
  '7': 'GSSAPI',
  '9': 'SSPI',
};

/**
 * node-postgres' connection over a stream that is already open: it neither resolves hosts nor negotiates
 * TLS, both of which it would do with other meanings than libpq's. What the server asks for while
 * authenticating passes the guard first, and bytes that are not PostgreSQL's protocol become an error of
 * the connection instead of an exception in an event handler.
 */
export class WireConnection extends pg.Connection {
  readonly #socket: Socket;
  readonly #guard: AuthenticationGuard;
  /** Read by node-postgres' `end()`: without it nothing would be closed. */
  _connecting = false;

  constructor(socket: Socket, guard: AuthenticationGuard) {
    super({ stream: () => socket, ssl: false });
    this.#socket = socket;
    this.#guard = guard;
  }

  /** Called by node-postgres' client; the stream is open, so this only listens. */
  connect(): void {
    this._connecting = true;
    this.#socket.on('error', (error) => this.emit('error', error));
    this.#socket.on('close', () => this.emit('end'));
    this.attachListeners(this.#socket);
    queueMicrotask(() => this.emit(this.#socket.destroyed ? 'end' : 'connect'));
  }

  override attachListeners(stream: EventEmitter): void {
    const guarded = new EventEmitter();
    super.attachListeners(guarded);
    stream.on('data', (bytes: Buffer) => {
      try {
        guarded.emit('data', bytes);
      } catch (error) {
        this.#fail(parserFailure(error));
      }
    });
  }

  override sendSASLInitialResponseMessage(mechanism: string, response: string): void {
    const refused = this.#guard.refuseChoice(mechanism);
    if (refused === undefined) super.sendSASLInitialResponseMessage(mechanism, response);
    else this.#fail(new AttemptError(refused));
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (typeof event === 'string' && event.startsWith('authentication')) {
      const refused = this.#guard.refuse(event, mechanismsOf(args[0]));
      if (refused !== undefined) {
        this.#fail(new AttemptError(refused));
        return true;
      }
    }
    return super.emit(event, ...args);
  }

  #fail(error: AttemptError): void {
    super.emit('error', error);
    this.#socket.destroy();
  }
}

function mechanismsOf(message: unknown): readonly string[] {
  if (typeof message !== 'object' || message === null || !('mechanisms' in message)) return [];
  return Array.isArray(message.mechanisms) ? message.mechanisms.filter((each) => typeof each === 'string') : [];
}

function parserFailure(error: unknown): AttemptError {
  const message = error instanceof Error ? error.message : String(error);
  const code = /authenticationOk message type (\d+)/.exec(message)?.[1];
  const asked = code === undefined ? undefined : (unknownRequests[code] ?? `method ${code}`);
  if (asked === undefined) return new AttemptError({ kind: 'protocol', message });
  return new AttemptError({
    kind: 'authentication',
    message: `The server asks for ${asked}, which fdw does not know.`,
    todo: 'Use a password or a client certificate: add a line for it to pg_hba.conf on the server.',
  });
}
