import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './fdw.ts';

/** All files of a kind below a folder of the repository, one after the other. */
async function textsOf(folder: string, ending: string): Promise<string> {
  const files = (await readdir(join(root, folder), { recursive: true })).filter((file) => file.endsWith(ending));
  return (await Promise.all(files.map(async (file) => readFile(join(root, folder, file), 'utf8')))).join('\n');
}

test('every error has a line in the documentation', async () => {
  const thrown = (await textsOf('src', '.ts')).matchAll(/\b(?:new UserError|super)\('([a-z]+(?:-[a-z]+)+)'/g);
  const ids = new Set([...thrown].map(([, id = '']) => id));
  const pages = await textsOf('docs', '.md');
  expect(ids.size).toBeGreaterThan(60);
  expect([...ids].filter((id) => !pages.includes(`\`${id}\``)).sort()).toEqual([]);
});
