import { expect, test } from 'vitest';
import { ruleIds } from '../../src/model/rule-book.ts';
import { fdw } from './fdw.ts';

test('the list has every rule', async () => {
  const { code, stdout, stderr } = await fdw(['rules']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').flatMap((line) => /^ {2}(\S+) {2}/.exec(line)?.[1] ?? [])).toEqual(ruleIds);
  // Not the whole list, which grows: the first line of each command's.
  expect(stdout).toMatch(/^fdw check-pushdown\n {2}mutable-function +A STABLE or VOLATILE function, operator or cast\.\n/);
  expect(stdout).toMatch(/\n\nfdw drift\n {2}relation-gone +The remote has no relation of that name\.\n/);
});

test('a page has an example; JSON has the same', async () => {
  expect((await fdw(['rules', 'locks-unfiltered'])).stdout).toMatchSnapshot();
  const { rules } = JSON.parse((await fdw(['rules', 'row-marks', '--json'])).stdout) as { readonly rules: readonly object[] };
  expect(rules).toMatchObject([{ id: 'row-marks', command: 'check-pushdown', example: { sql: expect.stringMatching(/^DELETE/) as string, from: 17, to: 18 } }]);
});

test('a slip of the fingers is put right', async () => {
  expect(await fdw(['rules', 'mutable-functoin'])).toEqual({ code: 1, stdout: '', stderr: 'Error: There is no rule mutable-functoin.\n  → Did you mean mutable-function? `fdw rules` lists all.\n' });
});
