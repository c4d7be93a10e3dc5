import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Spec } from '../../src/spec/types.ts';
import { brief, load, problemsOf } from './load.ts';

/** A spec without the places of its values. */
function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'at' || key === 'source' ? undefined : inner)));
}

const loaded = async (text: string, env: NodeJS.ProcessEnv = {}): Promise<Spec> => (await load(text, env)).spec;

describe('for_each', () => {
  it.each([
    [
      'a list of texts, in names and values',
      'servers: {"shard_${each}": {for_each: [a, "b c"], options: {host: "${each}.internal", dbname: "x${each}y${each}"}}}',
      'servers: {shard_a: {options: {host: a.internal, dbname: xaya}}, shard_b c: {options: {host: b c.internal, dbname: xb cyb c}}}',
    ],
    ['a range', 'servers: {"s${each}": {for_each: 9..11, options: {port: "54${each}"}}}', 'servers: {s9: {options: {port: 549}}, s10: {options: {port: 5410}}, s11: {options: {port: 5411}}}'],
    ['a range with leading zeros', 'servers: {"s${each}": {for_each: 08..10}}', 'servers: {s08: , s09: , s10: }'],
    [
      'a list of maps, in lists, roles and secrets',
      'servers: {"${each.name}": {for_each: [{name: a, key: A_PW}, {name: b, key: B_PW}], usage: ["${each.name}_r", all_r], user_mappings: {"${each.name}_r": {user: u, password: {env: "${each.key}"}}}}}',
      'servers: {a: {usage: [a_r, all_r], user_mappings: {a_r: {user: u, password: {env: A_PW}}}}, b: {usage: [b_r, all_r], user_mappings: {b_r: {user: u, password: {env: B_PW}}}}}',
    ],
    [
      'schemas and tables on what it made',
      'servers: {"${each}": {for_each: &all [a, b]}}\nschemas: {"s_${each}": {for_each: *all, server: "${each}", tables: ["t_${each}"]}}\ntables: {"x.${each}": {for_each: *all, server: "${each}", columns: {"c_${each}": int}}}',
      'servers: {a: , b: }\nschemas: {s_a: {server: a, tables: [t_a]}, s_b: {server: b, tables: [t_b]}}\ntables: {x.a: {server: a, columns: {c_a: int}}, x.b: {server: b, columns: {c_b: int}}}',
    ],
    ['absent ones', 'servers: {"s${each}": {for_each: 1..2, absent: true}}', 'servers: {s1: {absent: true}, s2: {absent: true}}'],
    ['no items', 'servers: {"s${each}": {for_each: []}, t: }', 'servers: {t: }'],
    ['variables in items, and a literal', 'servers: {"s${each.n}": {for_each: [{n: a, h: "${env:HOST}"}], options: {host: "${each.h}", application_name: "$${each}"}}}', 'servers: {sa: {options: {host: h, application_name: "$${each}"}}}'],
    ['in an environment', 'servers: {"s${each}": {for_each: [a], options: {host: "${each}"}}}\nenvironments: {x: {servers: {"s${each}": {for_each: [b]}}}}', 'servers: {sa: {options: {host: a}}}\nenvironments: {x: }'],
  ])('%s', async (_, short, long) => {
    const env = { HOST: 'h' };
    expect(bare(await loaded(`version: 1\n${short}\n`, env))).toEqual(bare(await loaded(`version: 1\n${long}\n`, env)));
  });

  it('takes the list that an environment lays over it', async () => {
    const { spec } = await load('version: 1\nservers: {"s${each}": {for_each: [a], options: {host: "${each}"}}}\nenvironments: {x: {servers: {"s${each}": {for_each: [b, c]}}}}\n', {}, 'x');
    expect(spec.servers.map(({ name }) => name.value)).toEqual(['sb', 'sc']);
  });

  it('points at the template where a thing that it made is wrong', async () => {
    const problems = await problemsOf('version: 1\nservers:\n  s${each}:\n    for_each: [a, b]\n    options: {host: "${env:NOT_${each}}", fetch_sise: 1}\n');
    expect(brief(problems)).toEqual([
      '5:15 the environment variable NOT_a is not set',
      '5:21 the environment variable NOT_b is not set',
      '5:41 `fetch_sise` is not an option that postgres_fdw takes on a server',
    ].map((text) => expect.stringContaining(text.slice(text.indexOf(' ') + 1)) as string));
    expect(problems.every(({ at }) => at?.line === 5)).toBe(true);
  });

  it('makes what one would write by hand, whatever the names', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((value) => !value.includes('$') && !/[\u007F\uFFFE\uFFFF\p{Surrogate}]/u.test(value) && Buffer.byteLength(value) <= 50);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 5 }), async (items) => {
        const server = (each: string) => ({ options: { host: `h ${each}` }, user_mappings: { [`u${each}`]: { user: each } } });
        const quoting = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' } as const;
        const yaml = (servers: object): string => stringify({ version: 1, servers }, quoting).replace('"version": 1', 'version: 1');
        const short = yaml({ 's${each}': { for_each: items, ...server('${each}') } });
        const long = yaml(Object.fromEntries(items.map((item) => [`s${item}`, server(item)])));
        expect(bare(await loaded(short))).toEqual(bare(await loaded(long)));
      }),
      { seed: 20261125, numRuns: 60 },
    );
  });
});
