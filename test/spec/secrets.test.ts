import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { SpecError } from '../../src/base/spec-error.ts';
import { UserError } from '../../src/base/user-error.ts';
import { revealSecrets } from '../../src/flows/secrets.ts';
import { fromCommand } from '../../src/spec/secrets/command.ts';
import { resolveSecret } from '../../src/spec/secrets/resolve.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fdw-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fromFile(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'secret');
  await writeFile(path, content);
  return (await resolveSecret({ source: 'file', path }, {})).reveal();
}

async function failure(resolving: Promise<unknown>): Promise<UserError> {
  const error: unknown = await resolving.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error('expected a UserError');
  return error;
}

describe('a secret from the environment', () => {
  it('is the value as it is', async () => {
    expect((await resolveSecret({ source: 'env', name: 'PW' }, { PW: ' hunter2\n' })).reveal()).toBe(' hunter2\n');
  });
  it.each([
    ['not set', {}, 'The environment variable PW is not set; the spec takes a secret from it.'],
    ['empty', { PW: '' }, 'The environment variable PW is empty; the spec takes a secret from it.'],
  ])('%s: says which', async (_, env, message) => {
    const error = await failure(resolveSecret({ source: 'env', name: 'PW' }, env));
    expect(error).toMatchObject({ id: 'secret-missing', message });
  });
  it('is never something that every object has', async () => {
    await failure(resolveSecret({ source: 'env', name: 'constructor' }, {}));
  });
});

describe('a secret from a file', () => {
  it.each([
    ['hunter2', 'hunter2'],
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['hunter2\n\n', 'hunter2\n'],
    [' hunter2 ', ' hunter2 '],
    ['pässwörd\n', 'pässwörd'],
  ])('%j', async (content, value) => {
    expect(await fromFile(content)).toBe(value);
  });
  it('may have 64 kB', async () => {
    expect(await fromFile('x'.repeat(64 * 1024))).toHaveLength(64 * 1024);
  });
  it.each([
    ['an empty one', '', 'It is empty.'],
    ['only a newline', '\n', 'It is empty.'],
    ['one of more than 64 kB', 'hunter2'.repeat(10_000), 'It has more than 64 kB: that is no secret.'],
    ['one with NUL', 'hunter2\0', 'It holds a NUL character, which PostgreSQL cannot store.'],
    ['one that is no text', Uint8Array.of(0xff, 0xfe, 0x00), 'It is not UTF-8 text.'],
  ])('%s is refused without being shown', async (_, content, why) => {
    const error = await failure(fromFile(content));
    expect(error.why).toBe(why);
    expect(`${error.message}${error.todo}`).not.toContain('hunter2');
  });
  it('that does not exist, is a folder or may not be read: says which file', async () => {
    await mkdir(join(folder, 'sub'));
    const closed = join(folder, 'closed');
    await writeFile(closed, 'x');
    await chmod(closed, 0);
    const cases = [
      { path: join(folder, 'none'), why: 'It does not exist.' },
      { path: join(folder, 'sub'), why: 'It is a folder.' },
      ...(process.getuid?.() === 0 ? [] : [{ path: closed, why: 'There is no permission to read it.' }]),
    ];
    for (const { path, why } of cases) {
      const error = await failure(resolveSecret({ source: 'file', path }, {}));
      expect(error.message).toContain(path);
      expect(error.why).toBe(why);
    }
  });
});

describe('a secret from a command', () => {
  const env = { PATH: process.env['PATH'], PW: 'hunter2' };
  const from = (argv: readonly string[], signal?: AbortSignal): Promise<Secret> => resolveSecret({ source: 'command', argv }, env, signal);

  it.each([
    ['what it prints', ['printf', 'hunter2'], 'hunter2'],
    ['without one newline', ['printf', 'hunter2\\n\\n'], 'hunter2\n'],
    ['without a shell', ['printf', '%s', '$PW `id` * "x" \'y\' ; | & > \n'], '$PW `id` * "x" \'y\' ; | & > '],
    ['with an empty argument', ['printf', '<%s>', ''], '<>'],
    ['from its environment', ['sh', '-c', 'printf %s "$PW"'], 'hunter2'],
    ['without what it says beside', ['sh', '-c', 'echo x >&2; echo hunter2'], 'hunter2'],
    ['without standard input', ['sh', '-c', 'cat; echo end'], 'end'],
  ])('%s', async (_, argv, value) => {
    expect((await from(argv)).reveal()).toBe(value);
  });
  it('may have 64 kB', async () => {
    expect((await from(['sh', '-c', 'head -c 65536 /dev/zero | tr "\\0" x'])).reveal()).toHaveLength(64 * 1024);
  });
  it.each([
    ['that does not exist', ['/no/such/program', 'hunter2'], 'There is no such program.'],
    ['that may not be run', ['/etc/passwd', 'hunter2'], 'There is no permission to run it.'],
    ['that is no name', ['a\0hunter2', 'x'], 'ERR_INVALID_ARG_VALUE'],
    ['that fails', ['sh', '-c', 'echo hunter2; echo hunter2 >&2; exit 3'], 'It ended with the exit status 3.'],
    ['that is killed', ['sh', '-c', 'echo hunter2; kill -TERM $$'], 'It was ended by SIGTERM.'],
    ['that prints nothing', ['sh', '-c', 'echo hunter2 >&2'], 'Its output is empty.'],
    ['that prints a newline', ['echo'], 'Its output is empty.'],
    ['that prints without end', ['yes', 'hunter2'], 'Its output has more than 64 kB: that is no secret.'],
    ['that prints NUL', ['printf', 'hunter2\\0'], 'Its output holds a NUL character, which PostgreSQL cannot store.'],
    ['that prints no text', ['printf', '\\377hunter2'], 'Its output is not UTF-8 text.'],
  ])('%s: says so, and shows nothing of it', async (_, argv, why) => {
    const error = await failure(from(argv));
    expect(error.why).toBe(why);
    expect(error.id).toMatch(why.endsWith('empty.') ? 'secret-missing' : 'secret-unreadable');
    expect([error.message.replace(argv[0] ?? '', ''), error.why, error.todo].join()).not.toContain('hunter2');
  });
  it('is not waited for beyond its time', async () => {
    const error = await failure(fromCommand(['sleep', '20'], env, undefined, 50));
    expect(error.why).toBe('It took longer than 0.05 seconds.');
  });
  it('is not waited for when a grandchild holds the pipe', async () => {
    const started = Date.now();
    await failure(fromCommand(['sh', '-c', 'sleep 3 & echo x; wait'], env, undefined, 50));
    expect(Date.now() - started).toBeLessThan(2500);
  });
  it('ends with the signal, and its reason', async () => {
    const controller = new AbortController();
    const resolving = from(['sleep', '20'], controller.signal);
    const reason = new UserError('interrupted', 'Interrupted.');
    controller.abort(reason);
    expect(await failure(resolving)).toBe(reason);
    expect(await failure(from(['printf', 'x'], controller.signal))).toBe(reason);
  });
});

describe('secrets of a spec', () => {
  const wanted = (argv: readonly string[]) => ({ value: { source: 'command', argv } as const, at: undefined });

  it('run each command once', async () => {
    const log = join(folder, 'runs');
    const argv = ['sh', '-c', `echo run >> '${log}'; echo hunter2`];
    const reveal = await revealSecrets([wanted(argv), wanted([...argv])], { PATH: process.env['PATH'] });
    expect(reveal({ source: 'command', argv: [...argv] }).reveal()).toBe('hunter2');
    expect(await readFile(log, 'utf8')).toBe('run\n');
  });
  it('run a failing command once, too, and say why each failed', async () => {
    const log = join(folder, 'failures');
    const argv = ['sh', '-c', `echo run >> '${log}'; exit 4`];
    const error = await failure(revealSecrets([wanted(argv), wanted(argv), wanted(['/no/such'])], { PATH: process.env['PATH'] }));
    expect(error instanceof SpecError ? error.problems.map(({ hint }) => hint) : []).toEqual([
      'It ended with the exit status 4. Run the command of the spec by hand to see what it says.',
      'There is no such program. Run the command of the spec by hand to see what it says.',
    ]);
    expect(await readFile(log, 'utf8')).toBe('run\n');
  });
});

it('a secret written in the spec is itself', async () => {
  const value = new Secret('hunter2');
  expect(await resolveSecret({ source: 'literal', value }, {})).toBe(value);
});
