/** What a line of the demo is, so that a terminal can tell them apart. */
export type LineKind = 'narration' | 'prompt' | 'output';

/**
 * Runs the real CLI. Its output goes where ours goes; the signal ends it.
 *
 * @returns its exit code
 */
export type RunFdw = (
  args: readonly string[],
  at: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
) => Promise<number>;

export interface DemoRequest {
  /** Leave the servers running and the folder in place. */
  readonly keep: boolean;
  /** The environment that the commands get, with the demo's own variables added. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborted on Ctrl-C or SIGTERM: the demo cleans up and throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Shows one or more lines; the text has no final newline. */
  readonly out: (text: string, kind: LineKind) => void;
  readonly runFdw: RunFdw;
}
