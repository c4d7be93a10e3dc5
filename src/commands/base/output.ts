import type { Problem } from '../../base/spec-error.ts';
import type { Progress } from '../../flows/types.ts';
import { renderProblems } from '../../report/problems.ts';
import type { Surface } from '../../report/style.ts';
import type { Pieces } from '../../report/pieces.ts';
import { showProgress } from './progress.ts';
import type { ProgressDisplay } from './progress.ts';
import { surfaceOf } from './streams.ts';

/** The two streams of a command: stdout for the answer, stderr for everything around it. */
export class Output {
  /** How text on stdout looks. */
  readonly out: Surface;
  /** How text on stderr looks. */
  readonly err: Surface;
  readonly quiet: boolean;
  #progress: ProgressDisplay;

  constructor(env: NodeJS.ProcessEnv, flags: { readonly quiet: boolean; readonly 'no-color': boolean }) {
    this.out = surfaceOf(process.stdout, env, flags['no-color']);
    this.err = surfaceOf(process.stderr, env, flags['no-color']);
    this.quiet = flags.quiet;
    this.#progress = showProgress(process.stderr, flags.quiet);
  }

  /** Says what goes on; for flows. */
  get progress(): Progress {
    return (step) => this.#progress.report(step);
  }

  /** Says again what goes on, after an answer or a question. */
  restartProgress(): void {
    const step = this.#progress.latest();
    this.done();
    this.#progress = showProgress(process.stderr, this.quiet);
    if (step !== undefined) this.#progress.report(step);
  }

  /** Ends the progress line. */
  done(): void {
    this.#progress.stop();
  }

  /** The answer, or a part of it. */
  answer(text: string): void {
    this.done();
    process.stdout.write(`${text}\n`);
  }

  /** An answer that is made as it is written. Between two pieces Ctrl-C has its turn. */
  async answerPieces(pieces: Pieces): Promise<void> {
    this.done();
    const { stdout } = process;
    for (const piece of pieces) {
      // Nobody listens any more (closed-pipes.ts).
      if (!stdout.writable) return;
      if (stdout.write(piece)) await new Promise((resolve) => setImmediate(resolve));
      else await drained(stdout);
    }
  }

  /** The answer as JSON. */
  answerJson(value: object): void {
    this.answer(JSON.stringify(value, null, 2));
  }

  /** Warnings for people; in JSON they belong to the answer instead. */
  warn(warnings: readonly Problem[]): void {
    this.done();
    if (warnings.length > 0) process.stderr.write(`${renderProblems(warnings, this.err, 'warning')}\n`);
  }

  /** A word on what to do next. */
  hint(text: string): void {
    this.done();
    if (!this.quiet) process.stderr.write(`${this.err.style.dim(text)}\n`);
  }
}

/** Until a stream takes more, or takes nothing any more. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const ends = ['drain', 'close', 'error'] as const;
    const done = (): void => {
      for (const end of ends) stream.off(end, done);
      resolve();
    };
    for (const end of ends) stream.on(end, done);
  });
}
