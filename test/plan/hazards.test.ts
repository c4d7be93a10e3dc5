import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { hazardIds, hazardKinds } from '../../src/model/hazards.ts';
import type { ForeignTable, Server } from '../../src/model/objects.ts';
import { type Option, textOptions } from '../../src/model/option.ts';
import { hazardsOf } from '../../src/plan/hazards.ts';

const table: ForeignTable = { kind: 'foreign-table', schema: 'shop', name: 'orders', server: 'shop', options: [], columns: [] };
const column = { name: 'note', type: 'text', notNull: false, collation: undefined, default: undefined, generated: { expression: 'a', kind: 'stored' }, options: [] } as const;
const server: Server = { kind: 'server', name: 'shop', wrapper: 'postgres_fdw', type: undefined, version: undefined, options: [] };
const onTable = (more: Partial<Extract<Change, { action: 'update'; kind: 'foreign-table' }>>): Change => ({ action: 'update', kind: 'foreign-table', after: table, renamedFrom: undefined, options: [], columns: [], checks: [], facets: [], columnGrants: [], ...more });
const onServer = (more: Partial<Extract<Change, { action: 'update'; kind: 'server' }>>): Change => ({ action: 'update', kind: 'server', before: server, after: server, options: [], facets: [], ...more });
const [updatable] = textOptions([['updatable', 'off']]) as [Option];
const locked = 'lock-taken: ACCESS EXCLUSIVE on shop.orders until the transaction ends: queries on it wait.';

describe('hazards of a change', () => {
  it.each<[string, Change, readonly string[]]>([
    ['a comment takes no lock that readers mind', onTable({ facets: [{ facet: 'comment', after: 'x' }] }), []],
    ['a grant neither', onTable({ facets: [{ facet: 'grant', privilege: 'SELECT', role: { kind: 'public' } }] }), []],
    ['a revoke', onTable({ facets: [{ facet: 'revoke', privilege: 'SELECT', role: { kind: 'public' } }] }), ['access-lost: PUBLIC loses SELECT.']],
    ['another owner', onTable({ facets: [{ facet: 'owner', before: 'a', after: 'B' }] }), ['access-lost: a no longer owns it.', locked]],
    ['writes refused by a table', onTable({ options: [{ verb: 'add', option: updatable }] }), ['write-refused: INSERT, UPDATE and DELETE will be refused.', locked]],
    ['writes refused by a server', onServer({ options: [{ verb: 'add', option: updatable }] }), ['write-refused: INSERT, UPDATE and DELETE will be refused.']],
    ['writes allowed again', onServer({ options: [{ verb: 'drop', name: 'updatable' }] }), []],
    ['a revoke on columns', onTable({ columnGrants: [{ verb: 'revoke', privilege: 'SELECT', role: { kind: 'public' }, columns: ['a', 'B'] }] }), ['access-lost: PUBLIC loses SELECT on a, "B".']],
    ['statistics of a column', onTable({ columns: [{ kind: 'set-number', name: 'a', setting: 'statistics', before: -1, after: 500 }] }), []],
    ['a column that goes and comes back', onTable({ columns: [{ kind: 'drop-column', name: 'note' }, { kind: 'add-column', column }] }), ['column-dropped: Column note is dropped and added again: no ALTER gets it there.', locked]],
    ['a column that goes', onTable({ columns: [{ kind: 'drop-column', name: 'note' }] }), ['column-dropped: Queries that name column note will fail.', locked]],
  ])('%s', (_, change, expected) => {
    expect(hazardsOf(change, new Map()).map(({ id, message }) => `${id}: ${message}`)).toEqual(expected);
  });
});

it('every hazard says what, why and what to do in whole sentences', () => {
  for (const id of hazardIds) {
    const { what, why, todo } = hazardKinds[id];
    for (const text of [what, why, todo]) expect(text).toMatch(/^[A-Z`].*\.$/);
  }
});
