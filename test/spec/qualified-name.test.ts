import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitName } from '../../src/spec/qualified-name.ts';
import { qualified } from '../../src/sql/quote.ts';

const names: readonly (readonly [string, string | undefined, string])[] = [
  ['orders', undefined, 'orders'],
  ['shop.orders', 'shop', 'orders'],
  ['Shop.Orders', 'Shop', 'Orders'],
  ['a.b.c', 'a', 'b.c'],
  ['"a.b".c', 'a.b', 'c'],
  ['a."b.c"', 'a', 'b.c'],
  ['"a.b"."c.d"', 'a.b', 'c.d'],
  ['"a""b".c', 'a"b', 'c'],
  ['"C"', undefined, 'C'],
  ['a"b.c', 'a"b', 'c'],
  ['my schema.my table', 'my schema', 'my table'],
  ['.x', '', 'x'],
  ['x.', 'x', ''],
  ['""."x"', '', 'x'],
];

describe('a name in two parts', () => {
  it.each(names)('%s', (text, schema, name) => {
    expect(splitName(text)).toMatchObject({ kind: 'name', schema, name });
  });
  it.each(['"a', '"a"b', '"a"b.c', 'a."b', 'a."b"c', 'a."b".c'])('%s is none', (text) => {
    expect(splitName(text).kind).toBe('problem');
  });
  it('is what SQL would quote', () => {
    const part = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(part, part, (schema, name) => {
        const quoted = `"${schema.replaceAll('"', '""')}"."${name.replaceAll('"', '""')}"`;
        expect(splitName(quoted)).toEqual({ kind: 'name', schema, name, dotsInName: false });
        expect(splitName(qualified({ schema, name }))).toEqual({ kind: 'name', schema, name, dotsInName: false });
      }),
    );
  });
});
