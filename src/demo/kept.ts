import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { removeFolder, stopPostmaster } from '../postgres/embedded/index.ts';

/** The file in a demo's folder that says what `fdw demo --stop` has to stop. */
const stateFile = 'demo.json';

/** Writes down which clusters belong to a demo's folder. */
export async function writeState(folder: string, clusters: readonly string[]): Promise<void> {
  await writeFile(join(folder, stateFile), `${JSON.stringify({ format_version: 1, clusters }, undefined, 2)}\n`);
}

/**
 * Stops the clusters of a kept demo and removes them and its folder. Clusters that have gone already are fine.
 *
 * @throws UserError when the folder is not a demo's
 */
export async function stopKept(folder: string): Promise<void> {
  const path = resolve(folder);
  const clusters = await readState(path);
  await Promise.all(clusters.map(async (cluster) => {
    await stopPostmaster(join(cluster, 'data'), undefined);
    await removeFolder(cluster);
  }));
  await removeFolder(path);
}

/** Folders are going to be removed on this file's word: nothing is believed that fdw would not have written. */
async function readState(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, stateFile), 'utf8').catch(() => undefined);
  const clusters = text === undefined ? undefined : clustersOf(text);
  if (clusters === undefined || !basename(folder).startsWith('fdw-demo-')) {
    throw new UserError('not-a-demo', `${folder} is not the folder of a demo that was kept.`, {
      why: text === undefined ? `It has no ${stateFile}.` : `Its ${stateFile} was not written by fdw.`,
      todo: 'Give the folder that `fdw demo --keep` printed; it stands beside fdw.yaml.',
    });
  }
  const found = await Promise.all(clusters.map(async (cluster) => ({ cluster, there: await isCluster(cluster) })));
  return found.filter(({ there }) => there).map(({ cluster }) => cluster);
}

function clustersOf(text: string): readonly string[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || !('clusters' in parsed) || !Array.isArray(parsed.clusters)) return undefined;
  const clusters: readonly unknown[] = parsed.clusters;
  const paths = clusters.filter((path) => typeof path === 'string');
  return paths.length === clusters.length && paths.every(isClusterPath) ? paths : undefined;
}

/** As `makeClusterFolder` names them. */
function isClusterPath(path: string): boolean {
  return isAbsolute(path) && path === resolve(path) && basename(path).startsWith('fdw-pg-') && dirname(path) !== path;
}

async function isCluster(path: string): Promise<boolean> {
  return stat(join(path, 'data', 'PG_VERSION')).then(() => true, () => false);
}
