import { readFile } from 'node:fs/promises';
import { UserError } from '../base/user-error.ts';
import type { NamedSnapshot } from '../desired/from-snapshot.ts';
import { parseSnapshot } from '../snapshot/parse.ts';

/** A snapshot that a user named. */
export type OpenSnapshot = NamedSnapshot;

/**
 * Reads the snapshot that the user named, if one was.
 * @throws UserError `cannot-read`, `snapshot-invalid`
 */
export async function openSnapshot(file: string): Promise<OpenSnapshot> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError('cannot-read', `Cannot read the snapshot ${file}.`, { why: error instanceof Error ? error.message : undefined, todo: `Write one: fdw snapshot --out ${file}`, cause: error });
  }
  return { file, snapshot: parseSnapshot(text, file) };
}
