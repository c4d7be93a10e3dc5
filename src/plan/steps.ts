import type { PlannedChange } from './types.ts';

/** Locks that any transaction of fdw holds besides: on catalogs, schemas, roles, the table that secrets go through. */
export const locksOfTheirOwn = 100;

/**
 * How many entries of the server's lock table a change takes until its transaction ends, at most. Counted in pg_locks on 14
 * to 18: a relation that is made or altered is one, however often; one that is dropped three (with its row type and that
 * one's array), a type two; GRANT takes one from 18 on, on relations that are locked anyway by what is done to them.
 */
export function locksOf({ action, kind, covers = [] }: PlannedChange): number {
  if (covers.length > 0) return 4 * covers.length + 2;
  const dropped = kind === 'foreign-table' ? 3 : 2;
  switch (action) {
    case 'create':
    case 'update':
      return kind === 'type' ? 2 : 1;
    case 'drop':
      return dropped;
    case 'replace':
      return dropped + 1;
  }
}

/**
 * A plan's changes in steps that can each be a transaction: in their order, so that what is there after any of them is a whole
 * of its own, and with at most so many locks each. What is taken away in order to come back is never divided from its return.
 *
 * @param budget locks for one step
 */
export function inSteps(changes: readonly PlannedChange[], budget: number): readonly (readonly PlannedChange[])[] {
  const steps: PlannedChange[][] = [];
  let locks = Infinity;
  for (const unit of units(changes)) {
    const more = unit.reduce((sum, change) => sum + locksOf(change), 0);
    if (locks + more > budget) {
      steps.push([]);
      locks = 0;
    }
    steps.at(-1)?.push(...unit);
    locks += more;
  }
  return steps;
}

/** What must not be divided: all from the first change with something to bring back to the last such change. */
function units(changes: readonly PlannedChange[]): readonly (readonly PlannedChange[])[] {
  const first = changes.findIndex(isEntangled);
  const last = changes.findLastIndex(isEntangled);
  if (first < 0) return changes.map((change) => [change]);
  return [...changes.slice(0, first).map((change) => [change]), changes.slice(first, last + 1), ...changes.slice(last + 1).map((change) => [change])];
}

const entangling: ReadonlySet<string> = new Set(['dependents-recreated', 'dependents-lost', 'table-replaced', 'server-replaced']);

function isEntangled({ action, hazards, inseparable }: PlannedChange): boolean {
  return action === 'replace' || inseparable === true || hazards.some(({ id }) => entangling.has(id));
}
