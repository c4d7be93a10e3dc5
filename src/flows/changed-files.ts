import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../base/user-error.ts';

const run = promisify(execFile);

/**
 * Tells whether a file of the working folder's repository has changed since a revision: since it parted from what is
 * checked out, committed or not, new and renamed files too.
 *
 * @throws UserError `no-repository`, `no-such-revision`, `git-failed`
 */
export async function changedSince(revision: string): Promise<(file: string) => boolean> {
  const top = (await git(['rev-parse', '--show-toplevel'])).trim();
  const commit = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]).catch((error: unknown) => {
    throw new UserError('no-such-revision', `--changed-since ${revision} is no revision of this repository.`, {
      todo: 'In a shallow clone fetch it first: `git fetch origin main`, and name it as origin/main.',
      cause: error,
    });
  });
  // Without a common ancestor (a shallow clone), the revision itself.
  const base = await git(['merge-base', commit.trim(), 'HEAD']).catch(() => commit);
  const [changed, added] = await Promise.all([
    git(['-C', top, 'diff', '--name-only', '--no-renames', '-z', base.trim(), '--']),
    git(['-C', top, 'ls-files', '--others', '--exclude-standard', '-z']),
  ]);
  const root = await realpath(top);
  const files = new Set(`${changed}${added}`.split('\0').filter((name) => name !== '').map((name) => join(root, name)));
  return (file) => files.has(realOf(file));
}

/** A path without links in its folders; the file itself may be gone. */
function realOf(file: string): string {
  const path = resolve(file);
  try {
    return join(realpathSync(dirname(path)), path.slice(dirname(path).length));
  } catch {
    return path;
  }
}

async function git(args: readonly string[]): Promise<string> {
  try {
    return (await run('git', [...args], { maxBuffer: 256 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' } })).stdout;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new UserError('git-failed', '--changed-since needs git, and there is none.', { todo: 'Install git, or name the files.' });
    if (stderr.includes('not a git repository')) throw new UserError('no-repository', '--changed-since works in a repository of git, and this folder is in none.', { todo: 'Go into the repository, or leave it out.' });
    throw new UserError('git-failed', 'git could not say what has changed.', { why: stderr === '' ? undefined : stderr, cause: error });
  }
}
