import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applyJson } from '../../src/report/apply-json.ts';
import { planJson } from '../../src/report/plan-json.ts';
import { planScript } from '../../src/report/plan-script.ts';
import { appliedLine, summaryLine } from '../../src/report/plan-summary.ts';
import { planText } from '../../src/report/plan-text.ts';
import { styleOf } from '../../src/report/style.ts';
import { change, everyAction, hostile, plain, planOf, withSecret } from './plans.ts';

const plans = { 'every action': everyAction, 'hostile names': hostile, 'no changes': planOf([]) };
const all = Object.entries(plans);

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
const schema = (name: string) => ajv.compile(JSON.parse(readFileSync(`schema/${name}.schema.json`, 'utf8')) as object);

describe('as text', () => {
  test.each(all)('%s', (_, plan) => {
    expect(planText(plan, plain)).toMatchSnapshot();
  });

  test('with colours it is the same text', () => {
    const coloured = planText(everyAction, { style: styleOf(true), width: 80 });
    expect(coloured).toMatchSnapshot();
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(planText(everyAction, plain));
  });

  test('nothing in it can move the cursor or turn the text around', () => {
    expect(planText(hostile, plain)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
  });

  test('the summary names replacements only where there are any', () => {
    expect(summaryLine(planOf([]))).toBe('No changes. Compared 1 server, 1 user mapping, 2 foreign tables with the spec.');
    expect(summaryLine(everyAction)).toBe('Plan: 2 to create, 1 to change, 1 to replace, 1 to drop.');
    expect(summaryLine(planOf([change({ action: 'create', kind: 'schema', address: 'schema x', server: undefined })]))).toBe('Plan: 1 to create, 0 to change, 0 to drop.');
    expect(appliedLine({ create: 2, update: 1, replace: 0, drop: 0 })).toBe('Applied: 2 created, 1 changed, 0 dropped.');
  });
});

describe('as JSON', () => {
  const validPlan = schema('plan');
  const validApply = schema('apply');

  test.each(all)('%s keeps to its schema', (_, plan) => {
    const json = JSON.parse(JSON.stringify(planJson(plan, [{ message: 'a warning', at: undefined }]))) as object;
    expect(validPlan(json), JSON.stringify(validPlan.errors)).toBe(true);
    expect(json).toMatchSnapshot();
  });

  test.each(all)('%s, applied, keeps to its schema', (_, plan) => {
    for (const result of [undefined, { applied: plan.summary, statements: 3, notices: [] }]) {
      const json = JSON.parse(JSON.stringify(applyJson(plan, [], result))) as object;
      expect(validApply(json), JSON.stringify(validApply.errors)).toBe(true);
    }
  });
});

describe('as a script for psql', () => {
  test.each(all)('%s', (_, plan) => {
    expect(planScript(plan)).toMatchSnapshot();
  });

  test('two secrets never share a variable; one secret that is used twice has one', () => {
    const statements = [
      withSecret('CREATE … (password ', 'a_b_password', 'ONE', ')'),
      withSecret('CREATE … (password ', 'a_b_password', 'TWO', ')'),
      withSecret('ALTER … (SET password ', 'a_b_password', 'ONE', ')'),
      withSecret('CREATE … (password ', 'a-b password', 'THREE', ')'),
    ];
    const script = planScript(planOf([change({ action: 'create', kind: 'user-mapping', address: 'mappings', server: 'a', statements })]));
    expect(script.split('\n').filter((line) => /^\s+\\set a|…/.test(line))).toMatchInlineSnapshot(`
      [
        "  \\set a_b_password \`printf '%s' "$ONE"\`",
        "  \\set a_b_password_2 \`printf '%s' "$TWO"\`",
        "  \\set a_b_password_3 \`printf '%s' "$THREE"\`",
        "CREATE … (password :'a_b_password');",
        "CREATE … (password :'a_b_password_2');",
        "ALTER … (SET password :'a_b_password');",
        "CREATE … (password :'a_b_password_3');",
      ]
    `);
  });
});
