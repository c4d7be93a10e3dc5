import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Account } from './account.ts';

/** The permission bits of one class of users, as in the last octal digit of a mode. */
const readAndEnter = 0o5;
const enter = 0o1;

/**
 * Whether `account` may read and run what stands at `path`: each folder above can be entered, and the thing
 * itself read and run (or, for a folder, listed). Only owner, group and others are looked at; access lists and
 * further groups are not, so the answer may be a needless no, which costs a copy.
 */
export async function canReach(account: Account, path: string): Promise<boolean> {
  const target = resolve(path);
  if (!(await allows(account, target, readAndEnter))) return false;
  for (let folder = dirname(target); ; folder = dirname(folder)) {
    if (!(await allows(account, folder, enter))) return false;
    if (dirname(folder) === folder) return true;
  }
}

async function allows(account: Account, path: string, bits: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
  return ((found.mode >> shift) & bits) === bits;
}
