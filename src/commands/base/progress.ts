import type { WriteStream } from 'node:tty';
import type { Progress } from '../../flows/types.ts';
import { visible } from '../../report/text.ts';

/** Milliseconds without an answer after which a user is told what goes on. */
const patience = 500;

export interface ProgressDisplay {
  readonly report: Progress;
  /** What was reported last. */
  readonly latest: () => string | undefined;
  /** Takes the line away, and shows nothing any more. Before anything else is written. */
  readonly stop: () => void;
}

/**
 * Shows the current step on stderr once the command has taken half a second: one line that is overwritten
 * on a terminal, a plain line per step elsewhere; nothing when quiet.
 */
export function showProgress(stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>, quiet: boolean): ProgressDisplay {
  if (quiet) return { report: () => undefined, latest: () => undefined, stop: () => undefined };
  let step: string | undefined;
  let due = false;
  let stopped = false;
  let shown = false;

  const show = (): void => {
    if (!due || stopped || step === undefined) return;
    const line = `${visible(step)} …`;
    // Cut to the width: a line that wraps could not be overwritten.
    stream.write(stream.isTTY ? `\r\u001B[2K${line.slice(0, Math.max(1, stream.columns - 1))}` : `${line}\n`);
    shown = true;
  };
  const timer = setTimeout(() => {
    due = true;
    show();
  }, patience);
  timer.unref();

  return {
    report: (next) => {
      step = next;
      show();
    },
    latest: () => step,
    stop: () => {
      clearTimeout(timer);
      if (shown && !stopped && stream.isTTY) stream.write('\r\u001B[2K');
      stopped = true;
    },
  };
}
