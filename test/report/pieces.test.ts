import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonPieces, LazyList } from '../../src/report/pieces.ts';

/** A value as it is, and with lists of objects made lazy that stand in objects only. */
const pair = fc.letrec<{ plain: unknown; object: readonly [object, unknown] }>((tie) => ({
  plain: fc.jsonValue({ maxDepth: 3 }),
  object: fc.dictionary(
    fc.string(),
    fc.oneof(
      { maxDepth: 3 },
      tie('plain').map((value) => [value, value] as const),
      fc.array(tie('object'), { maxLength: 3 }).map((all) => [all.map(([value]) => value), new LazyList(all.map(([, lazy]) => Object(lazy) as object))] as const),
      tie('object'),
      fc.constant([undefined, undefined] as const),
    ),
    { minKeys: 1 },
  ).map((entries) => [fromEntries(entries, 0), fromEntries(entries, 1)] as const),
})).object;

function fromEntries(entries: Record<string, readonly [unknown, unknown]>, side: 0 | 1): object {
  return Object.fromEntries(Object.entries(entries).map(([key, both]) => [key, both[side]]));
}

test('JSON in pieces is the text that JSON.stringify gives', () => {
  fc.assert(
    fc.property(pair, ([value, lazy]) => {
      // An object of nothing but undefined: JSON has `{}` for it, on one line.
      expect([...jsonPieces({ lazy, list: new LazyList([]) })].join('')).toBe(JSON.stringify({ lazy: value, list: [] }, null, 2));
    }),
  );
});

test('an item is made when it is written', () => {
  const made: number[] = [];
  const items = function* (): Generator<object> {
    for (const number of [1, 2, 3]) {
      made.push(number);
      yield { number };
    }
  };
  const seen: string[] = [];
  for (const piece of jsonPieces({ items: new LazyList(items()) })) {
    seen.push(piece);
    if (piece.includes('"number": 1')) break;
  }
  expect(made).toEqual([1]);
  expect(seen.join('')).toBe('{\n  "items": [\n    {\n      "number": 1\n    }');
});
