import { expect, test } from 'vitest';
import { milliseconds } from '../../src/commands/base/duration.ts';

test.each([
  ['0', 0],
  ['500ms', 500],
  ['5s', 5_000],
  ['2min', 120_000],
  ['1h', 3_600_000],
])('a time: %s', (text, expected) => {
  expect(milliseconds('wait', text)).toBe(expected);
});

test.each(['', '5', '-1s', '1.5s', '5 s', '5m', '25d', '600h'])('no time: "%s"', (text) => {
  expect(() => milliseconds('wait', text)).toThrow(expect.objectContaining({ id: 'usage', message: `--wait ${text} is no time.` }));
});
