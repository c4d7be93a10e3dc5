import type { Problem } from '../base/spec-error.ts';
import { loadSpec } from '../spec/load-spec.ts';

export interface ValidateRequest {
  readonly specPath: string;
  /** `--env`: the environment of the spec. */
  readonly environment?: string | undefined;
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
  return {
    counts: {
      servers: spec.servers.length,
      userMappings: spec.servers.reduce((count, server) => count + server.userMappings.length, 0),
      schemas: spec.schemas.length,
      tables: spec.tables.length,
      checks: spec.pushdown.checks.length,
      patterns: spec.pushdown.queries.length,
    },
    warnings,
  };
}
