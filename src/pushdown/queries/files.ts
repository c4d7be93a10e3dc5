import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SourceFile } from '../../base/source.ts';
import { UserError } from '../../base/user-error.ts';
import { compareNames } from '../../model/option.ts';
import { isGlob, matches, parseGlob } from './glob.ts';

/**
 * Reads query files. Files that more than one pattern finds are read once; the order is that of the patterns, and
 * within one that of the names.
 *
 * @param patterns paths or globs (`queries/**\/*.sql`), relative to `folder`
 * @throws {UserError} `queries-not-found` for a pattern that fits nothing, `queries-unreadable`
 */
export async function readQueryFiles(patterns: readonly string[], folder: string): Promise<readonly SourceFile[]> {
  const files = new Map<string, string>();
  for (const pattern of patterns) {
    const found = await expand(pattern, folder);
    if (found.length === 0) {
      throw new UserError('queries-not-found', `No query file fits \`${pattern}\`.`, { why: `looked in ${resolve(folder)}`, todo: 'check the path, or quote the pattern so that the shell leaves it alone' });
    }
    for (const name of found) files.set(resolve(folder, name), name);
  }
  const sources: SourceFile[] = [];
  for (const [path, file] of files) sources.push({ file, text: await readText(path, file) });
  return sources;
}

async function readText(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError('queries-unreadable', `Cannot read the query file ${file}.`, { why: error instanceof Error ? error.message : String(error), cause: error });
  }
}

/** The files that a pattern names, relative as the pattern is, sorted. */
async function expand(pattern: string, folder: string): Promise<readonly string[]> {
  // A file may have a wildcard in its name.
  if (!isGlob(pattern) || (await isFile(resolve(folder, pattern)))) return (await isFile(resolve(folder, pattern))) ? [pattern] : [];
  const { base, rest } = parseGlob(pattern);
  const found: string[] = [];
  await walk(resolve(folder, base), [], rest, found);
  return found.sort(compareNames).map((name) => (base === '' ? name : `${base === '/' ? '' : base}/${name}`));
}

async function walk(root: string, path: readonly string[], rest: readonly string[], found: string[]): Promise<void> {
  // Without `**` nothing fits below the pattern's own depth.
  if (!rest.includes('**') && path.length >= rest.length) return;
  const entries = await readdir(join(root, ...path), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const here = [...path, entry.name];
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== '.git') await walk(root, here, rest, found);
    } else if (matches(rest, here)) found.push(here.join('/'));
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((stats) => !stats.isDirectory(), () => false);
}
