import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * Tells a file's path from the root of the repository that `folder` is in (from `folder` where there is none), with
 * `/` between its parts: what GitHub takes. A file outside keeps its absolute path.
 */
export function repositoryPaths(folder: string): (file: string) => string {
  const root = rootOf(folder) ?? folder;
  return (file) => {
    const path = relative(root, resolve(folder, file));
    const outside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
    return (outside ? resolve(folder, file) : path).split(sep).join('/');
  };
}

/** The nearest folder upwards with a `.git`: a folder, or a file in a worktree. */
function rootOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : rootOf(parent);
}
