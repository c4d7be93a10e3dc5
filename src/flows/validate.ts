import type { Problem } from '../base/spec-error.ts';

export interface ValidateRequest {
  readonly specPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly readStdin: () => Promise<string>;
}

export interface ValidateResult {
  readonly counts: { readonly servers: number; readonly userMappings: number; readonly schemas: number; readonly tables: number; readonly checks: number };
  readonly warnings: readonly Problem[];
}

/** Checks a spec without any server. */
export async function validateSpec(request: ValidateRequest): Promise<ValidateResult> {
  throw new Error(`not built yet: ${request.specPath}`);
}
