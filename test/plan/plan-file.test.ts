import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { DatabaseState } from '../../src/model/objects.ts';
import type { SecretReference } from '../../src/model/secret-reference.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { version } from '../../src/base/version.ts';
import { parsePlanFile, type SavedPlan, serialisePlan } from '../../src/plan/plan-file.ts';
import type { Provenance } from '../../src/plan/provenance.ts';
import { diff } from '../../src/diff/diff.ts';

const empty: DatabaseState = { extensions: [], wrappers: [], servers: [], userMappings: [], schemas: [], types: [], foreignTables: [] };
const identity = { name: 'analytics', host: 'db-1', port: 5432, user: 'deploy', versionNum: 180004, chosenBy: '--database' };

const madeFrom: Provenance = {
  spec: { path: 'fdw.yaml', environment: undefined, digest: 'd' },
  database: { system: '1', oid: '2' },
  remotes: [],
};

function planWith(reference: SecretReference): SavedPlan {
  const desired: DatabaseState = {
    ...empty,
    userMappings: [{ kind: 'user-mapping', server: 'shop', role: { kind: 'public' }, options: [{ name: 'password', value: { kind: 'reference', reference } }] }],
  };
  const actual = { ...empty, otherRelations: [], versionNum: 18_00_00 };
  return { madeFrom, plan: makePlan(identity, desired, actual, diff(desired, actual, () => new Secret('hunter2'))) };
}

describe('a plan file', () => {
  const text = serialisePlan(planWith({ source: 'env', name: 'PW' }));

  it('gives the plan back', () => {
    expect(serialisePlan(parsePlanFile(text))).toBe(text);
  });

  it('writes columns that are alike once, and gives each table its own', () => {
    const column = { name: 'id', type: 'bigint', notNull: true, collation: undefined, default: undefined, generated: undefined, options: [] };
    const table = { kind: 'foreign-table', schema: 's', server: 'shop', options: [] } as const;
    const foreignTables = [
      { ...table, name: 'a', columns: [column, { ...column, name: 'note', type: 'text' }] },
      { ...table, name: 'b', columns: [{ ...column, name: 'note', type: 'text' }, { ...column }] },
      { ...table, name: 'c', columns: [{ ...column, notNull: false }] },
    ];
    const { madeFrom, plan } = planWith({ source: 'env', name: 'PW' });
    const saved = serialisePlan({ madeFrom, plan: { ...plan, desired: { ...plan.desired, foreignTables } } });
    expect(saved.split('"type":"bigint"')).toHaveLength(3);
    expect(parsePlanFile(saved).plan.desired.foreignTables).toEqual(foreignTables);
  });

  it('holds where a secret comes from, and not the secret', () => {
    expect(text).toContain('"PW"');
    expect(text).not.toContain('hunter2');
  });

  it('cannot hold a password that the spec spells out', () => {
    expect(() => serialisePlan(planWith({ source: 'literal', value: new Secret('hunter2') }))).toThrow(expect.objectContaining({ id: 'plan-holds-literal' }));
  });

  const foreign = 'It was not written by `fdw plan --out`, or was edited afterwards.';
  const partial = 'It is not JSON, or only a part of it: was it cut on the way?';
  const bad: readonly [name: string, text: string, why: string][] = [
    ['nothing', '', 'It is empty.'],
    ['no JSON', 'CREATE SERVER', partial],
    ['null', 'null', foreign],
    ['another JSON', '{"a": 1}', foreign],
    ['cut', text.slice(0, -20), partial],
    ['edited', text.replace('CREATE USER MAPPING', 'DROP USER MAPPING'), foreign],
    ['its origin edited', text.replace('"path":"fdw.yaml"', '"path":"other.yaml"'), foreign],
    ['of another format', text.replace('"format_version": 3', '"format_version": 2'), 'Its format_version is 2; this fdw reads 3.'],
    ['of another fdw', text.replace(`"fdw": "${version}"`, '"fdw": "9.9.9"'), `It was written by fdw 9.9.9, and this is fdw ${version}.`],
  ];
  it.each(bad)('is refused: %s', (_, content, why) => {
    expect(() => parsePlanFile(content)).toThrow(expect.objectContaining({ id: 'plan-file-invalid', why }));
  });
});
