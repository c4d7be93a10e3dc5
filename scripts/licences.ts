import type { Metafile } from 'esbuild';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the package that a bundled file belongs to, `node_modules/@oclif/core`; undefined for our own files. */
function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

/** One entry: name, version, licence id and the licence's own text. */
function entry(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; license?: string };
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? 'The package has no licence file of its own.' : readFileSync(join(folder, file), 'utf8').trim();
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'no licence named'})\n\n${text}\n`;
}

/**
 * Writes the licences of every package whose code is in the bundle, as those licences ask.
 * @param metafile what esbuild says went into the bundle
 * @param to path of the file to write
 */
export function writeLicences(metafile: Metafile, to: string): void {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const known = [...folders].filter((folder) => existsSync(join(folder, 'package.json'))).sort();
  writeFileSync(to, known.map(entry).join(`\n${'-'.repeat(80)}\n\n`));
}
