import { describe, expect, it } from 'vitest';
import { extensionProblems, inRequiredOrder } from '../../src/desired/extensions.ts';
import type { Extension } from '../../src/model/objects.ts';
import { load } from '../spec/load.ts';

const installed: readonly Extension[] = [
  { kind: 'extension', name: 'citext', schema: 'public', version: '1.5', relocatable: true },
  { kind: 'extension', name: 'xml2', schema: 'public', version: '1.1', relocatable: false },
];
const available = [
  { name: 'citext', versions: ['1.4', '1.5', '1.6'], requires: [], updates: [{ from: '1.4', to: '1.5' }, { from: '1.5', to: '1.6' }] },
  { name: 'cube', versions: ['1.5'], requires: [], updates: [] },
  { name: 'earthdistance', versions: ['1.1'], requires: ['cube'], updates: [] },
];
const names = ['citext', 'cube', 'earthdistance', 'postgres_fdw'];

describe('what PostgreSQL would refuse of extensions', () => {
  const cases: readonly [what: string, spec: string, problem: string | undefined, hint?: string][] = [
    ['nothing, where it is as wanted', '[citext: {version: "1.5", schema: public}, xml2]', undefined],
    ['nothing, where it can be moved and updated', '[citext: {version: "1.6", schema: ext}]', undefined],
    ['nothing, where what it requires is listed after it', '[earthdistance, cube]', undefined],
    ['a downgrade', '[citext: {version: "1.4"}]', '2:32 the extension `citext` cannot be updated from version `1.5` to `1.4`: that would be a downgrade, and it has no script for one', 'write 1.5 or 1.6; to go back all the same, drop it by hand, and fdw creates it in that version'],
    ['a version without a way', '[citext: {version: "2.0"}]', '2:32 the extension `citext` cannot be updated from version `1.5` to `2.0`: it has no update script for that', 'write 1.5 or 1.6'],
    ['a version that is not there to be created', '[cube: {version: "9"}]', '2:30 the server has no version `9` of the extension `cube`', 'it has 1.5'],
    ['a move of what is not relocatable', '[xml2: {schema: ext}]', '2:29 the extension `xml2` cannot be moved from the schema `public` to `ext`: it is not relocatable', 'write `public`; to move it all the same, drop it by hand, and fdw creates it in its new schema'],
    ['a missing requirement', '[earthdistance]', '2:14 the extension `earthdistance` needs the extension `cube`', 'add `cube` to `extensions`'],
    ['a slip', '[postgres_fwd]', '2:14 the server has no extension `postgres_fwd`', 'did you mean `postgres_fdw`?'],
    ['an unknown one', '[nothing_like_it]', '2:14 the server has no extension `nothing_like_it`', "install its package on the server's machine; pg_available_extensions lists what is there"],
  ];
  it.each(cases)('%s', async (_, extensions, problem, hint) => {
    const { spec } = await load(`version: 1\nextensions: ${extensions}\n`);
    const found = extensionProblems(spec, { installed, available, names });
    expect(found.map(({ message, at }) => `${at?.line}:${at?.column} ${message}`)).toEqual(problem === undefined ? [] : [problem]);
    expect(found[0]?.hint).toBe(hint);
  });
});

describe('the order of extensions', () => {
  const named = (name: string): Extension => ({ kind: 'extension', name, schema: undefined, version: undefined });
  it('is that of what they require, else the spec\'s', () => {
    const order = inRequiredOrder(['earthdistance', 'xml2', 'citext', 'cube'].map(named), available);
    expect(order.map(({ name }) => name)).toEqual(['cube', 'earthdistance', 'xml2', 'citext']);
  });
  it('is whatever it may be in a circle', () => {
    const circle = [{ ...available[1], name: 'a', requires: ['b'] }, { ...available[1], name: 'b', requires: ['a'] }].map((each) => ({ versions: [], updates: [], ...each }));
    expect(inRequiredOrder(['a', 'b'].map(named), circle)).toHaveLength(2);
  });
});
