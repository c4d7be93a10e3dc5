import type { TestProject } from 'vitest/node';
import { startContainers } from './containers.ts';
import { startEmbeddedCluster } from './embedded.ts';
import { sharedPart, storyMajors, supportedMajors, type Run } from './types.ts';

declare module 'vitest' {
  interface ProvidedContext {
    servers: Run;
  }
}

/** Starts the run's clusters once, for all workers. @returns what stops them */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['FDW_TEST_MAJORS'];
  const majors = majorsWanted(given ?? '14,18');
  const started = given === undefined ? storyMajors : majors;
  if (process.env['FDW_TEST_SERVERS'] === 'containers') {
    const { run, stop } = await startContainers(started);
    project.provide('servers', { ...run, majors });
    return stop;
  }
  const clusters = await Promise.all(started.map((major) => startEmbeddedCluster({ major })));
  const run: Run = { kind: 'embedded', network: undefined, majors, clusters: clusters.map(sharedPart) };
  project.provide('servers', run);
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  };
}

/** `14,18` as sorted numbers. */
function majorsWanted(text: string): readonly number[] {
  const majors = text.split(',').map((part) => Number(part.trim()));
  const unknown = majors.find((major) => !supportedMajors.some((supported) => supported === major));
  if (unknown !== undefined) throw new Error(`FDW_TEST_MAJORS=${text}: give majors out of ${supportedMajors.join(', ')}, separated by commas`);
  return [...new Set(majors)].sort((a, b) => a - b);
}
