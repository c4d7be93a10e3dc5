import { type Problem, SpecError } from '../base/spec-error.ts';
import { importsFrom } from '../desired/from-snapshot.ts';
import { selectRelations, strayOverrides } from '../desired/select-relations.ts';
import { loadSpec } from '../spec/load-spec.ts';
import type { Spec } from '../spec/types.ts';
import { openSnapshot, type OpenSnapshot } from './open-snapshot.ts';

export interface ValidateRequest {
  readonly specPath: string;
  /** `--env`: the environment of the spec. */
  readonly environment?: string | undefined;
  /** `--snapshot`: the file that names of remote tables are held against. */
  readonly snapshot?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly readStdin: () => Promise<string>;
}

/** How much of each thing a spec holds. */
export interface ValidateResult {
  readonly counts: {
    readonly servers: number;
    readonly userMappings: number;
    readonly schemas: number;
    readonly tables: number;
    /** With their partitions counted by themselves. */
    readonly shardedTables: number;
    readonly partitions: number;
    readonly checks: number;
    /** Patterns of query files. */
    readonly patterns: number;
  };
  readonly warnings: readonly Problem[];
}

/**
 * Checks a spec without any server.
 * @throws SpecError with all problems at once
 */
export async function validateSpec(request: ValidateRequest): Promise<ValidateResult> {
  const { spec, warnings } = await loadSpec({ path: request.specPath, environment: request.environment, readStdin: request.readStdin, env: request.env });
  if (request.snapshot !== undefined) {
    const problems = problemsWith(spec, await openSnapshot(request.snapshot));
    if (problems.length > 0) throw new SpecError(problems);
  }
  return {
    counts: {
      servers: spec.servers.length,
      userMappings: spec.servers.reduce((count, server) => count + server.userMappings.length, 0),
      schemas: spec.schemas.length,
      tables: spec.tables.length,
      shardedTables: spec.shardedTables.length,
      partitions: spec.shardedTables.reduce((count, table) => count + table.partitions.length, 0),
      checks: spec.pushdown.checks.length,
      patterns: spec.pushdown.queries.length,
    },
    warnings,
  };
}

/** Names of the spec that the remotes did not have when the snapshot was taken, and what it does not know. */
function problemsWith(spec: Spec, snapshot: OpenSnapshot): readonly Problem[] {
  const { imports, problems } = importsFrom(spec, snapshot);
  const names = imports.flatMap(({ schema, remote }) => {
    const selected = selectRelations(schema, remote);
    return [...selected.problems, ...strayOverrides(schema, selected.relations.map(({ name }) => name))];
  });
  return [...problems, ...names];
}
