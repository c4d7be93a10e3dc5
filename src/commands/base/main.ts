import type { Logger, PJSON } from '@oclif/core/interfaces';
import { run } from '@oclif/core/run';
import { readFileSync } from 'node:fs';
import { normaliseArgv, wantsJson } from './argv.ts';
import { ignoreClosedPipes } from './closed-pipes.ts';

/** oclif's settings for running from `src`, as package.json has them for `dist`. */
const development: Partial<PJSON['oclif']> = {
  commands: { strategy: 'pattern', target: './src/commands', globPatterns: ['*.ts'] },
  helpClass: './src/commands/base/help.ts',
  hooks: { command_not_found: './src/commands/base/command-not-found.ts' },
};

const nothing = (): void => undefined;

/** oclif's log, which DEBUG=* would turn on, holds every argument, passwords in URLs included: it stays silent. */
const logger: Logger = {
  namespace: 'fdw',
  child: () => logger,
  debug: nothing,
  error: nothing,
  info: nothing,
  trace: nothing,
  warn: nothing,
};

/**
 * Runs the command line and sets the exit code. Never throws.
 * @param argv without node and the script
 * @param options.root the package's folder, with a slash at its end
 * @param options.development run from `src`, without the manifest
 */
export async function main(
  argv: readonly string[],
  options: { readonly root: string; readonly development?: boolean },
): Promise<void> {
  ignoreClosedPipes();
  const fail = async (error: unknown): Promise<void> => {
    // Loaded only now: a start without an error should not wait for it.
    const { reportError } = await import('./report-error.ts');
    const usage = { command: undefined, flags: [] };
    process.exitCode = reportError(error, { argv, json: wantsJson(argv), env: process.env, usage, signal: undefined });
  };
  // What is thrown where nobody waits for it is a bug; it too is said in our words.
  process.on('uncaughtException', (error) => void fail(error).then(() => process.exit()));
  const pjson = JSON.parse(readFileSync(`${options.root}package.json`, 'utf8')) as PJSON;
  const dev = options.development === true;
  try {
    await run([...normaliseArgv(argv)], {
      root: options.root,
      pjson: dev ? { ...pjson, oclif: { ...pjson.oclif, ...development } } : pjson,
      ignoreManifest: dev,
      logger,
    });
  } catch (error) {
    await fail(error);
  }
}
