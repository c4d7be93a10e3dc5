import { describe, expect, it } from 'vitest';
import { diffFacets } from '../../src/diff/facets.ts';
import type { Facets } from '../../src/model/facets.ts';
import type { MappingRole } from '../../src/model/role.ts';

const role = (name: string): MappingRole => ({ kind: 'role', name });
const actual: Facets = { owner: 'dba', comment: '', grants: [{ privilege: 'SELECT', roles: [{ kind: 'public' }, role('ann')] }] };

describe('diffFacets', () => {
  const cases: readonly [name: string, desired: Facets, changes: readonly string[]][] = [
    ['what the spec does not name stays', {}, []],
    ['equal', actual, []],
    ['another owner', { owner: 'ann' }, ['owner']],
    ['a comment', { comment: 'x' }, ['comment']],
    ['no comment where there is none', { comment: '' }, []],
    ['a list is complete: who is not in it loses the privilege', { grants: [{ privilege: 'SELECT', roles: [role('ann'), role('bob')] }] }, ['grant bob', 'revoke PUBLIC']],
    ['an empty list takes it from all', { grants: [{ privilege: 'SELECT', roles: [] }] }, ['revoke PUBLIC', 'revoke ann']],
    ['the owner may be in the list', { grants: [{ privilege: 'SELECT', roles: [{ kind: 'public' }, role('ann'), role('dba')] }] }, []],
    ['privileges that are not named stay', { grants: [{ privilege: 'INSERT', roles: [role('ann')] }] }, ['grant ann']],
    ['a role that is named PUBLIC is another thing', { grants: [{ privilege: 'SELECT', roles: [{ kind: 'public' }, role('ann'), role('PUBLIC')] }] }, ['grant PUBLIC']],
  ];
  it.each(cases)('%s', (_, desired, changes) => {
    const found = diffFacets(desired, actual);
    expect(found.map((change) => ('role' in change ? `${change.facet} ${change.role.kind === 'public' ? 'PUBLIC' : change.role.name}` : change.facet))).toEqual(changes);
  });
});
