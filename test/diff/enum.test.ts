import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffEnum } from '../../src/diff/enum.ts';
import type { EnumType } from '../../src/model/objects.ts';

const enumOf = (...labels: readonly string[]): EnumType => ({ kind: 'enum', schema: 's', name: 't', labels });

describe('diffEnum', () => {
  const cases: readonly [name: string, desired: EnumType, actual: EnumType, additions: string | undefined][] = [
    ['equal', enumOf('a', 'b'), enumOf('a', 'b'), ''],
    ['at the end', enumOf('a', 'b', 'c'), enumOf('a', 'b'), 'c after b'],
    ['first', enumOf('z', 'a'), enumOf('a'), 'z first'],
    ['in between, two in a row', enumOf('a', 'x', 'y', 'b'), enumOf('a', 'b'), 'x after a, y after x'],
    ['to an empty one', enumOf('a', 'b'), enumOf(), 'a first, b after a'],
    ['a label would have to go', enumOf('a'), enumOf('a', 'b'), undefined],
    ['labels would have to move', enumOf('b', 'a'), enumOf('a', 'b'), undefined],
  ];
  it.each(cases)('%s', (_, desired, actual, additions) => {
    const found = diffEnum(desired, actual);
    expect(found?.map(({ label, after }) => `${label} ${after === undefined ? 'first' : `after ${after}`}`).join(', ')).toBe(additions);
  });

  it('gives additions that, made one by one, lead to the desired labels', () => {
    const labels = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 8 });
    fc.assert(
      fc.property(labels, fc.func(fc.boolean()), (wanted, keep) => {
        const present = wanted.filter((label) => keep(label));
        for (const { label, after } of diffEnum(enumOf(...wanted), enumOf(...present)) ?? []) {
          present.splice(after === undefined ? 0 : present.indexOf(after) + 1, 0, label);
        }
        expect(present).toEqual(wanted);
      }),
    );
  });
});
