import { open } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { folderOf, type SourceFile } from '../base/source.ts';
import { SpecError, type Problem } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { readQueries } from '../pushdown/queries/read.ts';
import type { QueryInput } from '../pushdown/types.ts';
import type { Placed } from '../spec/types.ts';

/** Larger files are no queries that somebody wrote. Bytes. */
const largestFile = 64 * 1024 * 1024;

/**
 * The query files that a user named: paths, or patterns that the shell has left alone.
 * @param readStdin for `-`
 */
export async function namedSources(files: readonly string[], readStdin: () => Promise<string>): Promise<readonly SourceFile[]> {
  const sources: SourceFile[] = [];
  for (const file of files) {
    if (file === '-') sources.push({ file, text: await readStdin() });
    else sources.push(...(await sourcesAt(file)));
  }
  return sources;
}

async function sourcesAt(file: string): Promise<readonly SourceFile[]> {
  try {
    return [await readSource(file)];
  } catch (error) {
    const found = isMissing(error) ? await matches(file, process.cwd()) : [];
    if (found.length > 0) return Promise.all(found.map(readSource));
    throw unreadable(file, error);
  }
}

/**
 * The files that the spec's patterns match, each once, in the order of their names within a pattern. Patterns start
 * from the folder of the file that they stand in.
 * @throws SpecError where one matches nothing
 */
export async function matchedSources(patterns: readonly Placed<string>[]): Promise<readonly SourceFile[]> {
  const found = new Set<string>();
  const problems: Problem[] = [];
  for (const { value, at } of patterns) {
    const files = await matches(value, folderOf(at.source));
    if (files.length === 0) problems.push({ message: `no file matches \`${value}\``, at, hint: 'Patterns start from the folder of the file that they stand in.' });
    for (const file of files) found.add(file);
  }
  if (problems.length > 0) throw new SpecError(problems);
  return Promise.all(
    [...found].map(async (file) => {
      try {
        return await readSource(file);
      } catch (error) {
        throw unreadable(file, error);
      }
    }),
  );
}

/** Paths relative to the working folder, as a user would name them; sorted. */
async function matches(pattern: string, folder: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { cwd: folder, expandDirectories: false });
  return found.map((path) => relative(process.cwd(), resolve(folder, path))).sort();
}

async function readSource(path: string): Promise<SourceFile> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > largestFile) throw new UserError('file-too-large', `The file ${path} has ${Math.round(size / 1e6)} MB; query files of more than 64 MB are not read.`);
    const bytes = await file.readFile();
    if (!isUtf8(bytes)) throw new UserError('file-not-text', `The file ${path} is not UTF-8 text.`, { todo: 'Save it as UTF-8.' });
    return { file: path, text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof UserError) return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'It does not exist.',
    EACCES: 'There is no permission to read it.',
    EISDIR: 'It is a folder; name the files in it, or a pattern such as `queries/*.sql`.',
  };
  const code = String(error.code);
  return new UserError('file-unreadable', `The query file ${path} cannot be read.`, { why: reasons[code] ?? code, cause: error });
}

/** The queries of a text of the command line: they have no file, and `name` is their place. */
export function typedQueries(text: string, name: string): readonly QueryInput[] {
  return readQueries([{ file: name, text }]).map((query) => ({ ...query, name: query.name.startsWith(`${name}:`) ? name : query.name, file: undefined }));
}
