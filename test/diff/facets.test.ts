import { describe, expect, it } from 'vitest';
import { diffFacets } from '../../src/diff/facets.ts';
import type { Held } from '../../src/model/acl.ts';
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
  it('takes what others have granted as those, what rests upon a grant option before that, and lets the owner grant what is to stay', () => {
    const by = (name: string, grantor: string | undefined, grantable = false): Held => ({ privilege: 'SELECT', column: undefined, role: role(name), grantor, grantable });
    const grants = (...held: readonly Held[]): Facets => ({ owner: 'dba', grants: [{ privilege: 'SELECT', roles: held.map((each) => each.role), held }] });
    const found = (from: Facets, to: readonly string[], owner?: string): readonly string[] =>
      diffFacets({ owner, grants: [{ privilege: 'SELECT', roles: to.map(role) }] }, from).flatMap((change) => ('role' in change ? [`${change.facet} ${change.role.kind === 'role' ? change.role.name : ''}${'grantor' in change ? ` as ${change.grantor ?? ''}` : ''}${'grantable' in change ? ' with grant option' : ''}${'keeps' in change ? ', kept' : ''}`] : []));
    const chain = grants(by('ann', undefined, true), by('bob', 'ann', true), by('cid', 'bob'));
    expect(found(chain, ['ann', 'bob'])).toEqual(['revoke cid as bob']);
    expect(found(chain, [])).toEqual(['revoke cid as bob', 'revoke bob as ann', 'revoke ann']);
    expect(found(chain, ['bob', 'cid'])).toEqual(['grant bob with grant option', 'revoke bob as ann, kept', 'revoke ann']);
    expect(found(chain, ['cid'])).toEqual(['grant cid', 'revoke cid as bob, kept', 'revoke bob as ann', 'revoke ann']);
    expect(found(grants(by('ann', undefined, true), by('bob', undefined), by('bob', 'ann')), ['bob'])).toEqual(['revoke bob as ann, kept', 'revoke ann']);
    expect(found(chain, [], 'ann')).toEqual(['revoke cid as bob', 'revoke bob']);
  });

  it('takes nothing from the owner, nor from who becomes it', () => {
    const becomes = diffFacets({ owner: 'ann', grants: [{ privilege: 'SELECT', roles: [] }] }, actual);
    expect(becomes.flatMap((change) => ('role' in change ? [change.role.kind] : [change.facet]))).toEqual(['owner', 'public']);
  });

  it.each(cases)('%s', (_, desired, changes) => {
    const found = diffFacets(desired, actual);
    expect(found.map((change) => ('role' in change ? `${change.facet} ${change.role.kind === 'public' ? 'PUBLIC' : change.role.name}` : change.facet))).toEqual(changes);
  });
});
