import { describe, expect, test } from 'vitest';
import { Lines } from '../../src/base/lines.ts';

describe('lines end with LF or CRLF, and a lone CR is a character of its line', () => {
  test.each<readonly [text: string, lines: readonly string[]]>([
    ['', ['']],
    ['a', ['a']],
    ['a\n', ['a', '']],
    ['a\r\nb', ['a', 'b']],
    ['\r\n\r\n', ['', '', '']],
    ['-- c\rSELECT 1\nSELECT 2', ['-- c\rSELECT 1', 'SELECT 2']],
    ['a\r', ['a\r']],
  ])('%j', (text, expected) => {
    const lines = new Lines(text);
    const found = Array.from({ length: lines.at(text.length) }, (_, index) => lines.range(index + 1));
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(expected);
    for (const [index, { start, end }] of found.entries()) expect([lines.at(start), lines.at(end)]).toEqual([index + 1, index + 1]);
  });
});
