import { expect, test } from 'vitest';
import { displayWidth } from '../../src/report/display-width.ts';

test.each([
  ['note', 4],
  ['漢字かな한글', 12],
  ['e\u0301 n\u0303', 3],
  ['✅⭐⌚', 6],
  ['🙂', 2],
  ['🇩🇪', 2],
  ['❤️', 1],
  ['größer', 6],
])('%s takes %i columns of a terminal', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});
