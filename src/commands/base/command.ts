import { Command } from '@oclif/core/command';
import type { FlowRequest } from '../../flows/types.ts';
import { wantsJson } from './argv.ts';
import { globalFlags } from './flags.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { Output } from './output.ts';
import { reportError } from './report-error.ts';
import { readStdin } from './streams.ts';

/** What every command of fdw has in common: global flags, output, errors, exit codes and Ctrl-C. */
export abstract class FdwCommand extends Command {
  static override baseFlags = globalFlags;

  /** Aborted when the user stops the command. */
  protected readonly signal = abortOnInterrupt();
  #output: Output | undefined;

  /** Where this command writes. To be called once, with the parsed global flags. */
  protected output(flags: { readonly quiet: boolean; readonly 'no-color': boolean }): Output {
    this.#output = new Output(process.env, flags);
    return this.#output;
  }

  /** What every flow that talks to the local database takes, from flags of the usual names. */
  protected request<S extends string | undefined>(
    flags: { readonly spec: S; readonly env: string | undefined; readonly database: string | undefined; readonly 'set-secrets'?: boolean; readonly 'expose-secrets'?: boolean; readonly snapshot?: string | undefined; readonly drift?: boolean },
    output: Output,
  ): Omit<FlowRequest, 'specPath'> & { readonly specPath: S } {
    return {
      specPath: flags.spec,
      environment: flags.env,
      database: flags.database,
      setSecrets: flags['set-secrets'],
      exposeSecrets: flags['expose-secrets'],
      snapshot: flags.snapshot,
      drift: flags.drift,
      env: process.env,
      progress: output.progress,
      signal: this.signal,
      readStdin: () => readStdin(this.signal),
    };
  }

  protected override async catch(error: unknown): Promise<void> {
    this.#output?.done();
    // oclif warns about a command that did not parse its arguments; here it did not get so far.
    this.parsed = true;
    process.exitCode = reportError(error, {
      argv: this.argv,
      json: wantsJson(this.argv),
      env: process.env,
      usage: { command: this.id, flags: Object.keys({ ...this.ctor.flags, ...this.ctor.baseFlags }) },
      signal: this.signal,
    });
  }

  protected override async finally(): Promise<void> {
    this.#output?.done();
  }
}
