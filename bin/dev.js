#!/usr/bin/env node
// Runs the commands from `src` as they are, without a build: `bin/dev.js plan --help`.
import { Plugin } from '@oclif/core/config';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../src/commands/base/main.ts');
const root = fileURLToPath(new URL('..', import.meta.url));
const pjson = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const commands = new Plugin({
  root,
  isRoot: true,
  // The manifest leads to `dist`. oclif heeds this setting here only, not where it is run.
  ignoreManifest: true,
  pjson: {
    ...pjson,
    oclif: {
      ...pjson.oclif,
      commands: { strategy: 'pattern', target: './src/commands', globPatterns: ['*.ts'] },
      helpClass: './src/commands/base/help.ts',
      hooks: { command_not_found: './src/commands/base/command-not-found.ts' },
    },
  },
});
await commands.load();
await main(process.argv.slice(2), { root, commands });
