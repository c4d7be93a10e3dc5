import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { DatabaseState } from '../../src/model/objects.ts';
import type { SecretReference } from '../../src/model/secret-reference.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { parsePlanFile, serialisePlan } from '../../src/plan/plan-file.ts';
import { diff } from '../../src/diff/diff.ts';

const empty: DatabaseState = { extensions: [], servers: [], userMappings: [], schemas: [], types: [], foreignTables: [] };
const identity = { name: 'analytics', host: 'db-1', port: 5432, user: 'deploy', versionNum: 180004, chosenBy: '--database' };

function planWith(reference: SecretReference) {
  const desired: DatabaseState = {
    ...empty,
    userMappings: [{ kind: 'user-mapping', server: 'shop', role: { kind: 'public' }, options: [{ name: 'password', value: { kind: 'reference', reference } }] }],
  };
  const actual = { ...empty, otherRelations: [] };
  return makePlan(identity, desired, actual, diff(desired, actual, () => new Secret('hunter2')));
}

describe('a plan file', () => {
  const text = serialisePlan(planWith({ source: 'env', name: 'PW' }));

  it('gives the plan back', () => {
    expect(serialisePlan(parsePlanFile(text))).toBe(text);
  });

  it('holds where a secret comes from, and not the secret', () => {
    expect(text).toContain('"PW"');
    expect(text).not.toContain('hunter2');
  });

  it('cannot hold a password that the spec spells out', () => {
    expect(() => serialisePlan(planWith({ source: 'literal', value: new Secret('hunter2') }))).toThrow(expect.objectContaining({ id: 'plan-holds-literal' }));
  });

  const bad: readonly [name: string, text: string][] = [
    ['nothing', ''],
    ['no JSON', 'CREATE SERVER'],
    ['null', 'null'],
    ['another JSON', '{"a": 1}'],
    ['cut', text.slice(0, -20)],
    ['edited', text.replace('CREATE USER MAPPING', 'DROP USER MAPPING')],
    ['of another format', text.replace('"format_version": 1', '"format_version": 2')],
  ];
  it.each(bad)('is refused: %s', (_, content) => {
    expect(() => parsePlanFile(content)).toThrow(expect.objectContaining({ id: 'plan-file-invalid' }));
  });
});
