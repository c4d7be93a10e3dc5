import { describe, expect, it } from 'vitest';
import { inSteps, locksOf } from '../../src/plan/steps.ts';
import type { PlannedChange } from '../../src/plan/types.ts';

const change = (address: string, more: Partial<PlannedChange> = {}): PlannedChange => ({
  action: 'create', kind: 'foreign-table', address, server: 'far', statements: [], hazards: [], details: [], ...more,
});
const addresses = (changes: readonly PlannedChange[], budget: number) => inSteps(changes, budget).map((step) => step.map(({ address }) => address).join(' '));

describe('steps', () => {
  it('keep the order, and each to its locks', () => {
    expect(addresses(['a', 'b', 'c', 'd', 'e'].map((name) => change(name)), 2)).toEqual(['a b', 'c d', 'e']);
    expect(addresses([change('a', { action: 'drop' }), change('b')], 3)).toEqual(['a', 'b']);
    expect(addresses([], 2)).toEqual([]);
  });

  it('never divide what is taken away from its return', () => {
    const view = { hazards: [{ id: 'dependents-recreated', message: 'view v' }] } as const;
    const all = [change('a'), change('b', { ...view, action: 'drop' }), change('c'), change('d', { ...view, action: 'update' }), change('e')];
    expect(addresses(all, 2)).toEqual(['a', 'b c d', 'e']);
  });

  it('that are too large on their own are steps all the same: the server has the last word', () => {
    expect(addresses([change('a', { action: 'replace' })], 2)).toEqual(['a']);
  });
});

it('counts locks as pg_locks shows them', () => {
  const of = (action: PlannedChange['action'], kind: PlannedChange['kind']) => locksOf(change('x', { action, kind }));
  expect([of('create', 'foreign-table'), of('update', 'foreign-table'), of('drop', 'foreign-table'), of('replace', 'foreign-table')]).toEqual([1, 1, 3, 4]);
});
