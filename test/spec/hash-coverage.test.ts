import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashCoverage, type HashBound } from '../../src/spec/hash-coverage.ts';

const of = (...texts: readonly string[]): readonly HashBound[] =>
  texts.map((text) => {
    const [remainder = '', modulus = ''] = text.split('/');
    return { modulus: Number(modulus), remainder: Number(remainder) };
  });
const shown = ({ modulus, remainder }: HashBound): string => `${remainder}/${modulus}`;

describe('hashCoverage', () => {
  it.each([
    { bounds: of('0/1'), missing: [], clashes: 0 },
    { bounds: of('0/3', '1/3', '2/3'), missing: [], clashes: 0 },
    { bounds: of('0/3', '2/3'), missing: ['1/3'], clashes: 0 },
    { bounds: of('0/2', '1/4', '3/4'), missing: [], clashes: 0 },
    { bounds: of('0/2', '1/4'), missing: ['3/4'], clashes: 0 },
    { bounds: of('0/2', '2/4', '1/2'), missing: [], clashes: 1 },
    { bounds: of('1/2', '1/2'), missing: ['0/2'], clashes: 1 },
    { bounds: of('0/2', '1/6', '3/6'), missing: ['5/6'], clashes: 0 },
  ])('$bounds', ({ bounds, missing, clashes }) => {
    const found = hashCoverage(bounds);
    expect([found.missing.map(shown), found.clashes.length, found.unfit]).toEqual([missing, clashes, []]);
  });

  it('knows moduli that do not go together', () => {
    expect(hashCoverage(of('0/4', '0/6')).unfit.map((pair) => pair.map(shown))).toEqual([['0/6', '0/4']]);
  });

  it('says of every remainder what counting says', () => {
    const bound = fc.constantFrom(1, 2, 4, 12).chain((modulus) => fc.nat(modulus - 1).map((remainder) => ({ modulus, remainder })));
    fc.assert(
      fc.property(fc.uniqueArray(bound, { selector: shown, maxLength: 12 }), (bounds) => {
        const { missing, clashes } = hashCoverage(bounds);
        const takers = Array.from({ length: 12 }, (_, hash) => bounds.filter(({ modulus, remainder }) => hash % modulus === remainder).length);
        expect(takers.flatMap((count, hash) => (count === 0 ? [hash] : []))).toEqual(takers.flatMap((_, hash) => (missing.some(({ modulus, remainder }) => hash % modulus === remainder) ? [hash] : [])));
        expect(takers.some((count) => count > 1)).toBe(clashes.length > 0);
      }),
    );
  });
});
