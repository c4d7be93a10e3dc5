import { UserError } from '../../base/user-error.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it, or its folder, does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it exists already',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
};

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return reasons[String(error.code)] ?? String(error.code);
}

async function doing<T>(verb: string, path: string, work: (path: string) => Promise<T>): Promise<T> {
  try {
    return await work(path);
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    throw new UserError(`cannot-${verb}`, `Cannot ${verb} ${path}: ${why}.`, { cause: error });
  }
}

/** Reads a file that the user named. @throws UserError where the system refuses */
export function reading<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
  return doing('read', path, work);
}

/** Writes a file that the user named. @throws UserError where the system refuses */
export function writing<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
  return doing('write', path, work);
}
