import pg from 'pg';
import type { Target } from '../connection/target.ts';
import { AttemptError, networkFailure } from './attempt-error.ts';
import { AuthenticationGuard } from './authentication-guard.ts';
import type { Endpoint, Transport } from './transport.ts';
import { WireConnection } from './wire.ts';

/** What identifies a backend for a cancel request. */
export interface BackendKey {
  readonly processId: number;
  readonly secret: number;
}

/** A client that is connected and authenticated, and what its server said about itself. */
export interface OpenClient {
  readonly client: pg.Client;
  readonly transport: Transport;
  readonly endpoint: Endpoint;
  /** ParameterStatus by name: server_version, in_hot_standby (14 and later) … kept up to date. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly key: BackendKey | undefined;
}

/**
 * node-postgres' client with our own start-up message: it would otherwise take parameters from the
 * process's environment behind our back.
 */
class StartingClient extends pg.Client {
  readonly #startup: Readonly<Record<string, string>>;

  constructor(config: pg.ClientConfig, startup: Readonly<Record<string, string>>) {
    super(config);
    this.#startup = startup;
  }

  /** Called by node-postgres (8.23, lib/client.js). */
  getStartupConf(): Readonly<Record<string, string>> {
    return this.#startup;
  }
}

/**
 * Authenticates over an open stream.
 *
 * @param signal aborts: the stream is destroyed and the promise rejects with the signal's reason
 * @throws {AttemptError}
 */
export async function openClient(
  transport: Transport,
  endpoint: Endpoint,
  target: Target,
  applicationName: string,
  signal: AbortSignal,
): Promise<OpenClient> {
  const { host } = endpoint;
  const guard = new AuthenticationGuard(target, { tls: transport.tls, hasPassword: host.password !== undefined });
  const connection = new WireConnection(transport.socket, guard);
  const parameters = new Map<string, string>();
  connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    parameters.set(message.parameterName, message.parameterValue);
  });
  let authenticated = false;
  connection.on('authenticationOk', () => {
    authenticated = true;
  });
  let key: BackendKey | undefined;
  connection.on('backendKeyData', (message: { processID: number; secretKey: number }) => {
    key = { processId: message.processID, secret: message.secretKey };
  });
  const config = {
    connection,
    host: host.host === '' ? endpoint.address : host.host,
    port: host.port,
    user: target.user,
    database: target.database,
    // A function, so that the driver never looks into PGPASSWORD or a password file itself.
    password: () => host.password?.reveal() ?? '',
    ssl: false,
    sslnegotiation: 'postgres' as const,
    // The driver's own bound of 100,000 is below what a server may well use (scram_iterations, 16 and later).
    scramMaxIterations: 10_000_000,
    enableChannelBinding: transport.tls && target.channelBinding !== 'disable',
  };
  const client = new StartingClient(config, {
    user: target.user,
    database: target.database,
    application_name: applicationName,
    ...Object.fromEntries(target.startup),
  });
  // An error on an idle connection would otherwise end the process; the session listens to it as well.
  client.on('error', () => undefined);
  const onAbort = (): void => {
    transport.socket.destroy();
  };
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    await client.connect();
    return { client, transport, endpoint, parameters, key };
  } catch (error) {
    transport.socket.destroy();
    signal.throwIfAborted();
    throw startFailure(error, authenticated);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function startFailure(error: unknown, authenticated: boolean): AttemptError {
  if (error instanceof pg.DatabaseError) {
    const { code = 'XX000', message, detail, hint } = error;
    return new AttemptError({ kind: 'server', sqlstate: code, message, detail, hint, authenticated });
  }
  if (error instanceof Error && error.message.startsWith('SASL:')) {
    return new AttemptError({
      kind: 'authentication',
      message: `The exchange of passwords (SCRAM) failed: ${error.message.replace(/^SASL: /, '')}.`,
      todo: 'Make sure that this is the right server.',
    });
  }
  if (error instanceof Error && error.message === 'Connection terminated unexpectedly') {
    return new AttemptError({ kind: 'network', code: 'CLOSED', message: 'The server closed the connection.' });
  }
  return networkFailure(error);
}
