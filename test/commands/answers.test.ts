import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAnswers } from '../../src/commands/base/answers.ts';
import { Output } from '../../src/commands/base/output.ts';
import { temporaryFolder } from './fdw.ts';

const output = new Output({}, { quiet: true, 'no-color': true });

test('an answer is written piece by piece, with a line feed at its end', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'answer.txt');
  const pieces = function* (): Generator<string> {
    for (let number = 0; number < 100_000; number += 1) yield `${number}\n`;
    yield 'end';
  };
  await writeAnswers([{ format: 'text', file }], output, pieces);
  const text = await readFile(file, 'utf8');
  expect([text.length, text.slice(0, 6), text.slice(-10)]).toEqual([588_894, '0\n1\n2\n', '99999\nend\n']);
});

test('what no string can hold is said in our words, and so is a file that cannot be written', async () => {
  await using folder = await temporaryFolder();
  const tooLong = (): readonly string[] => ['x'.repeat(0x1fffffe9)];
  await expect(writeAnswers([{ format: 'json', file: join(folder.path, 'answer.json') }], output, tooLong)).rejects.toMatchObject({ id: 'answer-too-large', message: 'The answer is too large to be written as json.' });
  await expect(writeAnswers([{ format: 'json', file: join(folder.path, 'nowhere', 'answer.json') }], output, () => ['{}'])).rejects.toMatchObject({ id: 'cannot-write' });
});
