import type { DriftRequest } from '../../src/flows/drift.ts';

/** A request for all of a database's drift. */
export function request(more: Partial<DriftRequest> & Pick<DriftRequest, 'database'>): DriftRequest {
  return {
    specPath: undefined, env: {}, progress: () => undefined, signal: new AbortController().signal, readStdin: async () => Promise.resolve(''),
    servers: [], schemas: [], jobs: 4, patience: 15_000, ...more,
  };
}
