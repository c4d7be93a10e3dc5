import { UserError } from '../../base/user-error.ts';

/** The exit code of a command that the user stopped: 128 + SIGINT, as shells have it. */
export const interruptedExitCode = 130;

/** Milliseconds after which a user is told that the command is still at it. */
const patience = 1000;

/**
 * Milliseconds in which signals are one key press: the terminal sends it to all processes of its foreground group,
 * and a parent among them, as npm or `fdw demo`, hands it on besides.
 */
const onePress = 300;

/** Thrown when a command that we ran was stopped and has said so: there is nothing to add. */
export class InterruptionTold extends Error {}

/** What a command ends with after Ctrl-C. */
export function interruptedError(): UserError {
  return new UserError('interrupted', 'Interrupted.', { why: 'Nothing was changed.' });
}

/**
 * A signal that is aborted on Ctrl-C (SIGINT), SIGTERM and SIGHUP. The second one ends the process at once;
 * PostgreSQL then rolls back on its own when it sees the connection gone.
 */
export function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > onePress) process.exit(interruptedExitCode);
      return;
    }
    first = performance.now();
    controller.abort(interruptedError());
    setTimeout(() => process.stderr.write('Stopping … A second Ctrl-C leaves at once.\n'), patience).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}
