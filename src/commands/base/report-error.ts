import { UserError } from '../../base/user-error.ts';
import { errorJson, errorText } from '../../report/error.ts';
import { interruptedError, interruptedExitCode, InterruptionTold } from './interrupt.ts';
import { redact } from './redact.ts';
import { surfaceOf } from './streams.ts';
import { isUsageError, usageError } from './usage-error.ts';
import type { Usage } from './usage-error.ts';

export interface ErrorContext {
  readonly argv: readonly string[];
  readonly json: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly usage: Usage;
  /** Aborted: whatever was thrown, the user stopped the command. */
  readonly signal: AbortSignal | undefined;
}

/** A prompt that Ctrl-C closed, or a wait that our signal ended. */
function isInterruption(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
}

/** Something that we did not expect: a bug of ours. Its own words may help to find it, secrets taken out. */
function bug(error: unknown, env: NodeJS.ProcessEnv): UserError {
  const message = redact(error instanceof Error ? error.message : String(error), env);
  const stack = error instanceof Error && env['FDW_DEBUG'] === '1' ? redact(error.stack ?? '', env) : undefined;
  return new UserError('internal-error', `fdw has a bug: ${message}`, {
    why: stack,
    todo: stack === undefined ? 'Run it again with FDW_DEBUG=1 for the details, and report it with them.' : 'Please report it.',
  });
}

/** Whatever was thrown, as an error to show. */
function userError(thrown: unknown, context: ErrorContext): UserError {
  // One that says why knows better what has happened until then.
  if (thrown instanceof UserError && thrown.id === 'interrupted' && thrown.why !== undefined) return thrown;
  if (context.signal?.aborted === true || isInterruption(thrown)) return interruptedError();
  if (thrown instanceof UserError) return thrown;
  if (isUsageError(thrown)) {
    const usage = usageError(thrown, context.usage);
    return new UserError(usage.id, redact(usage.message, context.env), { todo: usage.todo });
  }
  return bug(thrown, context.env);
}

/**
 * Shows an error where it belongs: text on stderr, JSON on stdout.
 * @returns the exit code
 */
export function reportError(thrown: unknown, context: ErrorContext): number {
  if (thrown instanceof InterruptionTold) return interruptedExitCode;
  const error = userError(thrown, context);
  if (context.json) process.stdout.write(`${JSON.stringify(errorJson(error), null, 2)}\n`);
  else process.stderr.write(`${errorText(error, surfaceOf(process.stderr, context.env, context.argv.includes('--no-color')))}\n`);
  return error.id === 'interrupted' ? interruptedExitCode : 1;
}
