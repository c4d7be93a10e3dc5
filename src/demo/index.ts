import { removeFolder, unwatch, watch, type EmbeddedCluster } from '../postgres/embedded/index.ts';
import { startDatabases, urlOf, withSession, type Databases } from './databases.ts';
import { fillDemoFolder, makeDemoFolder } from './folder.ts';
import { stopKept, writeState } from './kept.ts';
import { tellStory } from './story.ts';
import type { DemoRequest } from './types.ts';

export type { DemoRequest, LineKind, RunFdw } from './types.ts';

/**
 * Shows fdw's main job on two clusters of its own: plan, apply, a query, plan again, check-pushdown. Afterwards
 * (also when it fails or is aborted) no process and no file of it is left; with `keep`, after success, they stay.
 *
 * @throws UserError when a step fails, with the step's name; the signal's reason when it was aborted
 */
export async function runDemo(request: DemoRequest): Promise<void> {
  const { out, signal } = request;
  const clusters: EmbeddedCluster[] = [];
  const folder = await makeDemoFolder();
  watch(folder);
  let kept = false;
  try {
    out('# Starting two PostgreSQL servers …', 'narration');
    const databases = await startDatabases(signal, (cluster) => clusters.push(cluster));
    await fillDemoFolder(folder, databases);
    out(await introduction(databases, signal), 'narration');
    await tellStory(request, folder, databases);
    if (request.keep) {
      await writeState(folder, clusters.map((cluster) => cluster.folder.path));
      out(howToGoOn(folder, databases), 'output');
      kept = true;
    }
  } finally {
    if (kept) {
      for (const cluster of clusters) cluster.keep();
    } else {
      await Promise.all(clusters.map((cluster) => cluster.stop()));
      await removeFolder(folder);
    }
    unwatch(folder);
  }
  if (!kept) out('\n# The servers are stopped and their files removed. `fdw demo --keep` leaves them for you to try things.', 'narration');
}

/**
 * Stops what `runDemo` with `keep` left running, and removes its folder.
 *
 * @param folder the demo's folder, as it was printed
 * @throws UserError when this is not a demo's folder
 */
export async function stopDemo(folder: string, out: DemoRequest['out'] = () => undefined): Promise<void> {
  await stopKept(folder);
  out(`Both servers are stopped, and ${folder} is removed.`, 'output');
}

async function introduction({ shop, analytics }: Databases, signal: AbortSignal): Promise<string> {
  const [row] = await withSession(analytics, 'analytics', signal, (session) => session.query<{ server_version: string }>('SHOW server_version'));
  return [
    `# They run PostgreSQL ${row?.server_version ?? ''}, with passwords made up for this demo:`,
    `#   shop       ${shop.host}:${shop.port}   a shop at work: 25,000 orders, some 100,000 rows in all`,
    `#   analytics  ${analytics.host}:${analytics.port}   two small tables of its own`,
  ].join('\n');
}

/** The one place that shows passwords: they were made up minutes ago, and the user needs them. */
function howToGoOn(folder: string, { shop, analytics }: Databases): string {
  return `
Both servers keep running. Their passwords were made up for this demo and open nothing else.

  analytics  ${urlOf(analytics, 'analytics')}
  shop       ${urlOf(shop, 'shop')}
  folder     ${folder}   (fdw.yaml, queries/, env.sh)

Go on by hand; env.sh sets what fdw.yaml takes from the environment:

  cd ${folder} && . ./env.sh
  fdw plan

Stop the servers and remove the folder with all that is in it:

  fdw demo --stop ${folder}`;
}
