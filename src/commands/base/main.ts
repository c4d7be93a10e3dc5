import type { Logger, PJSON, Plugin } from '@oclif/core/interfaces';
import { run } from '@oclif/core/run';
import { readFileSync } from 'node:fs';
import { normaliseArgv, wantsJson } from './argv.ts';
import { ignoreClosedPipes } from './closed-pipes.ts';

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
 * @param options.commands what holds the commands; by default what package.json and the manifest say
 */
export async function main(
  argv: readonly string[],
  options: { readonly root: string; readonly commands?: Plugin },
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
  const { root, commands } = options;
  try {
    await run([...normaliseArgv(argv)], {
      root,
      ...(commands === undefined ? { pjson: JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as PJSON } : { plugins: new Map([[commands.name, commands]]) }),
      // fdw has no plugins. oclif would look for them in the home folder, which may be another user's: a warning when
      // it cannot be read, and somebody else's code when it can be written.
      userPlugins: false,
      devPlugins: false,
      logger,
    });
  } catch (error) {
    await fail(error);
  }
}
