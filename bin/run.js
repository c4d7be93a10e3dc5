#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Keeps V8's compiled code between runs (Node 22.1 and later); without it everything works, only slower.
module.enableCompileCache?.();

const { main } = await import('../dist/main.js');
await main(process.argv.slice(2), { root: fileURLToPath(new URL('..', import.meta.url)) });
