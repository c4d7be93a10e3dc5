import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../../src/base/user-error.ts';
import { connect, type ConnectOptions } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';

/** A home folder of a test's own, and an environment that has nothing but it. */
export interface Home {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Writes a file (mode 0600 unless said otherwise) and gives its path. */
  write(name: string, text: string, mode?: number): Promise<string>;
  /** Copies a file of ./certificates (mode 0600) and gives its path. */
  certificate(name: string, as?: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function temporaryHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'fdw-home-'));
  const place = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    return path;
  };
  return {
    folder,
    // An own folder for the machine's service file too: the real one must not matter.
    env: { HOME: folder, PGSYSCONFDIR: join(folder, 'etc') },
    async write(name, text, mode = 0o600) {
      const path = await place(name);
      await writeFile(path, text);
      await chmod(path, mode);
      return path;
    },
    async certificate(name, as = name) {
      const path = await place(as);
      await copyFile(certificatePath(name), path);
      await chmod(path, 0o600);
      return path;
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function certificatePath(name: string): string {
  return join(import.meta.dirname, 'certificates', name);
}

export function certificateText(name: string): Promise<string> {
  return readFile(certificatePath(name), 'utf8');
}

/** A session that the test's scope closes. */
export type OpenSession = Session & AsyncDisposable;

/** Resolves and connects as fdw does. */
export async function open(connection: string | undefined, env: NodeJS.ProcessEnv, options: Partial<ConnectOptions> = {}): Promise<OpenSession> {
  const session = await connect(await resolveTarget(connection, env), { applicationName: 'fdw/test', ...options });
  return Object.assign(session, { [Symbol.asyncDispose]: () => session.close() });
}

/** The UserError that a promise ends in; anything else fails the test. */
export async function userErrorOf(promise: Promise<unknown>): Promise<UserError> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (outcome instanceof UserError) return outcome;
  throw new Error(`Expected a UserError, got: ${outcome instanceof Error ? (outcome.stack ?? outcome.message) : String(outcome)}`);
}
