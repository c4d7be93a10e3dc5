import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { folderOf, type SourceSpan } from '../../base/source.ts';
import { readText, type BuildContext } from '../build/context.ts';
import { spanOf } from '../positions.ts';
import { shown } from '../words.ts';
import { isNull, valueOf, type Node } from '../yaml/node.ts';

/** A file to include, named from where the user is. */
export interface Included {
  readonly path: string;
  readonly at: SourceSpan;
  /** Whether a pattern has found it, which may well find the including file too. */
  readonly own: boolean;
}

/** The spec's files where the user named a folder, in the order of their names; else what the user named. */
export async function filesIn(path: string, context: BuildContext): Promise<readonly string[]> {
  const folder = await stat(path).then((found) => found.isDirectory()).catch(() => false);
  if (!folder) return [path];
  const names = await readdir(path).catch(() => undefined);
  const files = (names ?? []).filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.')).sort();
  if (files.length === 0) {
    const at = spanOf({ file: path, text: '' }, { start: 0, end: 1 });
    if (names === undefined) context.problems.add(at, 'there is no permission to read the folder', 'chmod +rx, or run as a user who may');
    else context.problems.add(at, 'the folder holds no spec', 'its *.yaml and *.yml files are read; `fdw init` writes a starter spec');
  }
  return files.map((name) => join(path, name));
}

/**
 * The files that a spec's `include` names, those of a pattern in the order of their names.
 * @returns `whole`: whether each element names a file
 */
export async function includesOf(root: Node, context: BuildContext): Promise<{ readonly files: readonly Included[]; readonly whole: boolean }> {
  const list = root.kind === 'map' ? valueOf(root, 'include') : undefined;
  const files: Included[] = [];
  let whole = true;
  for (const item of list?.kind === 'list' ? list.items : []) {
    const text = readText(item, context);
    // What is no text is the structural check's business.
    if (item.kind !== 'scalar' || item.text === '' || isNull(item)) continue;
    if (text === undefined || text.value === '') {
      if (text !== undefined) context.problems.add(text.at, 'the path of this file is empty', 'the environment variable is empty');
      whole = false;
      continue;
    }
    const { value, at } = text;
    if (!/[*?[\]{}]/.test(value)) {
      files.push({ path: isAbsolute(value) ? value : join(dirname(at.source.file), value), at, own: false });
      continue;
    }
    const found = await matches(value, folderOf(at.source));
    whole &&= found.length > 0;
    if (found.length === 0) context.problems.add(at, `no file matches ${shown(value)}`, 'patterns start from the folder of the file that includes');
    files.push(...found.map((path) => ({ path, at, own: resolve(path) === resolve(at.source.file) })));
  }
  return { files, whole };
}

async function matches(pattern: string, folder: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { cwd: folder, expandDirectories: false });
  return found.map((path) => relative(process.cwd(), resolve(folder, path))).sort();
}
