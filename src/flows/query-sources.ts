import { relative, resolve } from 'node:path';
import { folderOf } from '../base/source.ts';
import { SpecError, type Problem } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { readQueries, type QuerySource } from '../pushdown/queries/read.ts';
import type { QueryInput } from '../pushdown/types.ts';
import type { Placed } from '../spec/types.ts';
import { readQueryFile } from './query-file.ts';

/**
 * The query files that a user named, each once: paths, or patterns that the shell has left alone.
 * @param readStdin for `-`
 */
export async function namedSources(files: readonly string[], readStdin: () => Promise<string>): Promise<readonly QuerySource[]> {
  const sources = new Map<string, QuerySource>();
  for (const file of new Set(files)) {
    const found = file === '-' ? [typedSource(file, await readStdin())] : await sourcesAt(file);
    for (const source of found) {
      const path = file === '-' ? file : resolve(source.file);
      if (!sources.has(path)) sources.set(path, source);
    }
  }
  return [...sources.values()];
}

async function sourcesAt(file: string): Promise<readonly QuerySource[]> {
  try {
    return [await readQueryFile(file)];
  } catch (error) {
    if (!isMissing(error)) throw error;
    const found = await matches(file, process.cwd());
    if (found.length > 0) return Promise.all(found.map(readQueryFile));
    throw new UserError('file-unreadable', `The query file ${file} cannot be read.`, { why: 'It does not exist.', cause: error });
  }
}

/**
 * The files that the spec's patterns match, each once, in the order of their names within a pattern. Patterns start
 * from the folder of the file that they stand in.
 * @throws SpecError where one matches nothing
 */
export async function matchedSources(patterns: readonly Placed<string>[]): Promise<readonly QuerySource[]> {
  const found = new Set<string>();
  const problems: Problem[] = [];
  for (const { value, at } of patterns) {
    const files = await matches(value, folderOf(at.source));
    if (files.length === 0) problems.push({ message: `no file matches \`${value}\``, at, hint: 'Patterns start from the folder of the file that they stand in.' });
    for (const file of files) found.add(file);
  }
  if (problems.length > 0) throw new SpecError(problems);
  return Promise.all([...found].map(readQueryFile));
}

/** Paths relative to the working folder, as a user would name them; sorted. */
async function matches(pattern: string, folder: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { cwd: folder, expandDirectories: false });
  return found.map((path) => relative(process.cwd(), resolve(folder, path))).sort();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** What comes through standard input has been decoded already. */
function typedSource(file: string, text: string): QuerySource {
  const undecodable: number[] = [];
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) undecodable.push(at);
  return { file, text: text.replace(/^\uFEFF/, ''), ...(undecodable.length > 0 && { undecodable: text.startsWith('\uFEFF') ? undecodable.map((at) => at - 1) : undecodable }) };
}

/** The queries of a text of the command line: they have no file, and `name` is their place. */
export function typedQueries(text: string, name: string): readonly QueryInput[] {
  return readQueries([{ file: name, text }]).map((query) => ({ ...query, name: query.name.startsWith(`${name}:`) ? name : query.name, file: undefined }));
}
