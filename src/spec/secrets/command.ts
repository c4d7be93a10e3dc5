import { spawn } from 'node:child_process';
import { Secret } from '../../base/secret.ts';
import { UserError } from '../../base/user-error.ts';
import { largestSecret, secretText } from './text.ts';

/** How long a program may take. Milliseconds. */
const longest = 30_000;

/**
 * The secret that a program prints. It is run without a shell and without standard input; what it writes on
 * stderr is dropped, because it may hold the secret. A program that asks somebody can do so at the terminal itself.
 *
 * @param signal ends the program; its reason is thrown
 * @throws UserError that says the program's name and how it ended, and nothing of its arguments or of what it printed
 */
export async function fromCommand(argv: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal, timeLimit = longest): Promise<Secret> {
  const [program = '', ...args] = argv;
  signal?.throwIfAborted();
  const ended = await run(program, args, env, signal, timeLimit);
  signal?.throwIfAborted();
  if (ended.kind === 'failed') throw failed(program, ended.why);
  const read = secretText(ended.output);
  if (read.kind === 'problem') throw failed(program, read.why.replace(/^It/, 'Its output'), read.id);
  return new Secret(read.text);
}

type Ended = { readonly kind: 'done'; readonly output: Buffer } | { readonly kind: 'failed'; readonly why: string };

/** Runs a program to its end, to its time limit, to the largest output, or until the signal. Never throws. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal | undefined, timeLimit: number): Promise<Ended> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let child: ReturnType<typeof start>;
    try {
      child = start(program, args, env);
    } catch (error) {
      // What the system cannot even be asked, such as a name of no letters.
      resolve({ kind: 'failed', why: reasonOf(error) });
      return;
    }
    const end = (how: Ended): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      // Also where a grandchild still holds the pipe: nobody waits for that.
      child.stdout.destroy();
      child.kill('SIGKILL');
      resolve(how);
    };
    const stop = (): void => end({ kind: 'failed', why: 'It was stopped.' });
    const timer = setTimeout(() => end({ kind: 'failed', why: `It took longer than ${timeLimit / 1000} seconds.` }), timeLimit);
    signal?.addEventListener('abort', stop);
    child.on('error', (error) => end({ kind: 'failed', why: reasonOf(error) }));
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > largestSecret) end({ kind: 'done', output: Buffer.concat(chunks) });
    });
    child.on('close', (status, killedBy) => {
      if (status === 0) end({ kind: 'done', output: Buffer.concat(chunks) });
      else end({ kind: 'failed', why: killedBy === null ? `It ended with the exit status ${status}.` : `It was ended by ${killedBy}.` });
    });
  });
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return spawn(program, args, { env, shell: false, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
}

/** The library's own messages show the arguments. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return reasons[code] ?? code;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such program.',
  EACCES: 'There is no permission to run it.',
  E2BIG: 'Its arguments are too long.',
};

function failed(program: string, why: string, id = 'secret-unreadable'): UserError {
  return new UserError(id, `The program ${program}, which the spec takes a secret from, gave none.`, { why, todo: 'Run the command of the spec by hand to see what it says.' });
}
