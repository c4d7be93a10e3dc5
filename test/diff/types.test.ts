import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffComposite } from '../../src/diff/types/composite.ts';
import { diffDomain } from '../../src/diff/types/domain.ts';
import { diffEnum } from '../../src/diff/types/enum.ts';
import { diffType } from '../../src/diff/types/type.ts';
import type { CompositeType, DomainType, EnumType, RangeType } from '../../src/model/user-types.ts';

const enumOf = (...labels: readonly string[]): EnumType => ({ kind: 'enum', schema: 's', name: 't', labels });

describe('diffEnum', () => {
  const cases: readonly [name: string, desired: EnumType, actual: EnumType, changes: string | undefined][] = [
    ['equal', enumOf('a', 'b'), enumOf('a', 'b'), ''],
    ['at the end', enumOf('a', 'b', 'c'), enumOf('a', 'b'), 'c after b'],
    ['first', enumOf('z', 'a'), enumOf('a'), 'z first'],
    ['in between, two in a row', enumOf('a', 'x', 'y', 'b'), enumOf('a', 'b'), 'x after a, y after x'],
    ['to an empty one', enumOf('a', 'b'), enumOf(), 'a first, b after a'],
    ['renamed', enumOf('a', 'x', 'c'), enumOf('a', 'b', 'c'), 'b is x'],
    ['two renamed apart, one more', enumOf('x', 'b', 'y', 'd', 'e'), enumOf('a', 'b', 'c', 'd'), 'a is x, c is y, e after d'],
    ['the only one renamed', enumOf('b'), enumOf('a'), 'a is b'],
    ['renamed or removed: cannot be told', enumOf('a', 'x', 'y'), enumOf('a', 'b'), undefined],
    ['two renamed side by side: cannot be told', enumOf('x', 'y'), enumOf('a', 'b'), undefined],
    ['a label would have to go', enumOf('a'), enumOf('a', 'b'), undefined],
    ['a label would have to go, another come elsewhere', enumOf('x', 'a'), enumOf('a', 'b'), undefined],
    ['labels would have to move', enumOf('b', 'a'), enumOf('a', 'b'), undefined],
  ];
  it.each(cases)('%s', (_, desired, actual, changes) => {
    const found = diffEnum(desired, actual);
    expect(
      found?.map((change) => (change.kind === 'rename-label' ? `${change.before} is ${change.after}` : `${change.label} ${change.after === undefined ? 'first' : `after ${change.after}`}`)).join(', '),
    ).toBe(changes);
  });

  it('gives changes that, made one by one, lead to the desired labels, or none', () => {
    const labels = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 1 }), { maxLength: 6 });
    fc.assert(
      fc.property(labels, labels, fc.func(fc.boolean()), (wanted, others, keep) => {
        for (const present of [wanted.filter((label) => keep(label)), [...others], wanted.map((label) => (keep(label) ? label : `old ${label}`))]) {
          const changes = diffEnum(enumOf(...wanted), enumOf(...present));
          if (changes === undefined) continue;
          for (const change of changes) {
            if (change.kind === 'rename-label') present[present.indexOf(change.before)] = change.after;
            else present.splice(change.after === undefined ? 0 : present.indexOf(change.after) + 1, 0, change.label);
          }
          expect(present).toEqual(wanted);
        }
      }),
    );
  });
});

describe('diffComposite', () => {
  const of = (...attributes: readonly string[]): CompositeType => ({
    kind: 'composite', schema: 's', name: 't',
    attributes: attributes.map((each) => ({ name: each.charAt(0), type: each.length > 1 ? 'text' : 'integer', collation: undefined })),
  });
  const cases: readonly [name: string, desired: CompositeType, actual: CompositeType, changes: string][] = [
    ['equal', of('a', 'b'), of('a', 'b'), ''],
    ['at the end', of('a', 'b'), of('a'), 'add b'],
    ['gone', of('b'), of('a', 'b'), 'drop a'],
    ['in between: what follows is made again', of('a', 'x', 'b'), of('a', 'b'), 'drop b, add x, add b'],
    ['another order', of('b', 'a'), of('a', 'b'), 'drop a, add a'],
    ['another type', of('a', 'b!'), of('a', 'b'), 'set b'],
  ];
  it.each(cases)('%s', (_, desired, actual, changes) => {
    const shown = diffComposite(desired, actual).map((change) =>
      change.kind === 'drop-attribute' ? `drop ${change.name}` : change.kind === 'add-attribute' ? `add ${change.attribute.name}` : `set ${change.after.name}`,
    );
    expect(shown.join(', ')).toBe(changes);
  });
});

describe('diffDomain', () => {
  const of = (more: Partial<DomainType>): DomainType => ({ kind: 'domain', schema: 's', name: 't', base: 'text', collation: undefined, notNull: false, default: undefined, checks: [], ...more });
  const check = (name: string, expression = name) => ({ name, expression });
  const cases: readonly [name: string, desired: DomainType, actual: DomainType, changes: string | undefined][] = [
    ['equal', of({ checks: [check('a'), check('b')] }), of({ checks: [check('b'), check('a')] }), ''],
    ['checks that are not to be seen', of({ checks: undefined }), of({ checks: [check('a')] }), ''],
    ['a check under another name', of({ checks: [check('b', 'x')] }), of({ checks: [check('a', 'x')] }), 'rename-check'],
    ['a check with another expression', of({ checks: [check('a', 'x')] }), of({ checks: [check('a', 'y')] }), 'drop-check add-check'],
    ['two checks with names exchanged', of({ checks: [check('a', 'y'), check('b', 'x')] }), of({ checks: [check('a', 'x'), check('b', 'y')] }), 'drop-check drop-check add-check add-check'],
    ['null and default', of({ notNull: true, default: '1' }), of({}), 'set-not-null set-default'],
    ['another type below', of({ base: 'integer' }), of({}), undefined],
    ['another collation', of({ collation: { schema: 'pg_catalog', name: 'C' } }), of({}), undefined],
  ];
  it.each(cases)('%s', (_, desired, actual, changes) => {
    expect(diffDomain(desired, actual)?.map(({ kind }) => kind).join(' ')).toBe(changes);
  });
});

describe('diffType', () => {
  const span: RangeType = { kind: 'range', schema: 's', name: 't', subtype: 'integer', opclass: undefined, collation: undefined, canonical: undefined, subdiff: undefined, multirange: { schema: 's', name: 'm' } };
  it('has no ALTER for a range type', () => {
    expect(diffType({ ...span, subtype: 'bigint', multirange: { schema: 's', name: 'n' } }, span).impossible?.[0]?.message).toBe('its subtype, its multirange type are not what they shall be, and SQL has no ALTER for that');
  });
  it('leaves a subdiff function that it does not know of', () => {
    expect(diffType(span, { ...span, subdiff: { schema: 's', name: 'f' } })).toEqual({});
  });
  it('tells kinds apart', () => {
    expect(diffType(span, enumOf('a')).impossible?.[0]?.message).toBe('it is an enum, and shall be a range type');
  });
});
