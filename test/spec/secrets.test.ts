import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { UserError } from '../../src/base/user-error.ts';
import { resolveSecret } from '../../src/spec/secrets.ts';

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

it('a secret written in the spec is itself', async () => {
  const value = new Secret('hunter2');
  expect(await resolveSecret({ source: 'literal', value }, {})).toBe(value);
});
