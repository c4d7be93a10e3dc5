import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { diffOptions } from '../../src/diff/options.ts';
import { type Options, textOptions } from '../../src/model/option.ts';

const reveal = () => new Secret('from the environment');
const reference: Options = [{ name: 'password', value: { kind: 'reference', reference: { source: 'env', name: 'PW' } } }];
const stored = (secret: string): Options => [{ name: 'password', value: { kind: 'secret', secret: new Secret(secret) } }];

describe('diffOptions', () => {
  const cases: readonly [name: string, desired: Options, actual: Options, verbs: readonly string[]][] = [
    ['nothing of nothing', [], [], []],
    ['adds what is missing', textOptions([['host', 'a']]), [], ['add host']],
    ['sets what differs', textOptions([['host', 'a']]), textOptions([['host', 'b']]), ['set host']],
    ['drops what is not wanted', [], textOptions([['host', 'b']]), ['drop host']],
    ['leaves what is equal', textOptions([['host', 'a']]), textOptions([['host', 'a']]), []],
    ['takes an empty value for a value', textOptions([['host', '']]), [], ['add host']],
    ['takes two spellings of a boolean for one', textOptions([['updatable', 'TRUE'], ['async_capable', 'off']]), textOptions([['updatable', 'on'], ['async_capable', 'false']]), []],
    ['but not a word that postgres_fdw refuses', textOptions([['updatable', 'yes']]), textOptions([['updatable', 'on']]), ['set updatable']],
    ['takes two spellings of a number for one', textOptions([['fetch_size', '1e2'], ['fdw_tuple_cost', '.20']]), textOptions([['fetch_size', ' 0x64'], ['fdw_tuple_cost', '0.2']]), []],
    ['but not of an option that is text', textOptions([['port', '05432']]), textOptions([['port', '5432']]), ['set port']],
    ['compares letter case', textOptions([['host', 'A']]), textOptions([['host', 'a']]), ['set host']],
    ['names as hostile as they come', textOptions([['__proto__', 'x']]), textOptions([['constructor', 'x']]), ['add __proto__', 'drop constructor']],
    ['compares a secret by what is behind it: equal', reference, stored('from the environment'), []],
    ['compares a secret by what is behind it: rotated', reference, stored('old'), ['set password']],
    ['adds a secret', reference, [], ['add password']],
    ['drops a secret', [], stored('old'), ['drop password']],
  ];
  it.each(cases)('%s', (_, desired, actual, verbs) => {
    const changes = diffOptions(desired, actual, { reveal, wrapper: 'postgres_fdw' });
    expect(changes.map((change) => `${change.verb} ${change.verb === 'drop' ? change.name : change.option.name}`)).toEqual(verbs);
  });
});
