import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { urlOf, type Databases } from './databases.ts';
import { demoFiles } from './files.ts';

/** An empty folder for the spec and the queries; only its owner may enter it. */
export async function makeDemoFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'fdw-demo-'));
}

/** Writes what a user would write: the spec, the queries; and env.sh with what the spec takes from the environment. */
export async function fillDemoFolder(folder: string, databases: Databases): Promise<void> {
  for (const { path, text } of [...demoFiles(databases.shop.port, new Date()), { path: 'env.sh', text: envScript(demoVariables(databases)) }]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o600 });
  }
}

/** The variables that the demo's spec names. */
function demoVariables({ analytics, shopPassword }: Databases): Readonly<Record<string, string>> {
  return { ANALYTICS_URL: urlOf(analytics, 'analytics'), SHOP_PASSWORD: shopPassword.reveal() };
}

/**
 * The environment of the demo's commands: the user's own without what would lead them to another database, with the
 * demo's variables.
 */
export function demoEnvironment(env: NodeJS.ProcessEnv, databases: Databases): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(PG|FDW_|DATABASE_URL$)/.test(name));
  return { ...Object.fromEntries(kept), ...demoVariables(databases) };
}

/** To be sourced by a shell. It makes `fdw` known where it is not installed, as in a clone of the repository. */
function envScript(variables: Readonly<Record<string, string>>): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    '# Passwords made up for this demo; they open nothing else.',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    'unset FDW_DATABASE_URL',
    `command -v fdw > /dev/null || fdw() { ${quoted(process.execPath)} ${quoted(process.argv[1] ?? 'fdw')} "$@"; }`,
    '',
  ].join('\n');
}
