import type { FlowRequest, PreparedApply } from './types.ts';

/** Computes the plan and keeps the connection, so that it can be shown and then carried out. */
export async function prepareApply(request: FlowRequest): Promise<PreparedApply> {
  throw new Error(`not built yet: ${request.specPath}`);
}

/** The same from a plan file's text, which is refused where the database has moved since. */
export async function prepareApplyFromFile(
  request: Omit<FlowRequest, 'specPath'>,
  planFileText: string,
): Promise<PreparedApply> {
  throw new Error(`not built yet: ${planFileText.length} ${request.database ?? ''}`);
}
