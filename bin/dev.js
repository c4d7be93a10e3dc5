#!/usr/bin/env node
// Runs the commands from `src` as they are, without a build: `bin/dev.js plan --help`.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../src/commands/base/main.ts');
await main(process.argv.slice(2), { root: fileURLToPath(new URL('..', import.meta.url)), development: true });
