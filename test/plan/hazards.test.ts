import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { hazardIds } from '../../src/plan/types.ts';

it('every hazard has its section in docs/hazards.md, and no other has one', async () => {
  const page = await readFile('docs/hazards.md', 'utf8');
  expect([...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]).sort()).toEqual([...hazardIds].sort());
});
