import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pushdownJson } from '../../src/report/pushdown-json.ts';
import { pushdownText } from '../../src/report/pushdown-text.ts';
import { plain } from './plans.ts';
import { none, report } from './pushdown-reports.ts';

test('as text, the most important last', () => {
  expect([...pushdownText(report, plain)].join('')).toMatchSnapshot();
  expect([...pushdownText(none, plain)].join('')).toBe('0 queries.');
});

test('as JSON, in the order of the queries and to its schema', () => {
  const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync('schema/check-pushdown.schema.json', 'utf8')) as object);
  for (const one of [report, none]) {
    const json = JSON.parse([...pushdownJson({ report: one, baseline: undefined, warnings: [] })].join('')) as object;
    expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
    expect(json).toMatchSnapshot();
  }
});
