import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { nearest } from '../../base/nearest.ts';
import { UserError } from '../../base/user-error.ts';
import type { Pieces } from '../../report/pieces.ts';
import type { Surface } from '../../report/style.ts';
import { writing } from './files.ts';
import type { Output } from './output.ts';

/** A format to answer in, and where to. */
export interface Answer<F extends string> {
  readonly format: F;
  /** undefined: stdout. */
  readonly file: string | undefined;
}

/**
 * What `--output` and `--format` ask for together: always one answer for stdout, text if nothing else.
 *
 * @param outputs `FORMAT=FILE` each, where `-` is stdout
 * @param format of `--format` or `--json`; undefined without both
 * @throws UserError where a format is not known, or two answers would go to one place
 */
export function chooseAnswers<const F extends string>(outputs: readonly string[], format: F | 'text' | 'json' | undefined, formats: readonly F[]): readonly Answer<F | 'text' | 'json'>[] {
  const answers: Answer<F | 'text' | 'json'>[] = outputs.map((output) => readOutput(output, formats));
  const onStdout = answers.some(({ file }) => file === undefined);
  if (format !== undefined || !onStdout) answers.push({ format: format ?? 'text', file: undefined });
  const twice = answers.find(({ file }, index) => answers.findIndex((each) => each.file === file) < index);
  if (twice !== undefined) {
    throw new UserError('usage', `Two answers would go to ${twice.file ?? 'standard output'}.`, { todo: 'Give each --output a file of its own.' });
  }
  return answers;
}

function readOutput<F extends string>(output: string, formats: readonly F[]): Answer<F> {
  const at = output.indexOf('=');
  const [name, file] = at < 0 ? [output, ''] : [output.slice(0, at), output.slice(at + 1)];
  const format = formats.find((each) => each === name);
  if (format === undefined) {
    const near = nearest(name, formats);
    throw new UserError('usage', `--output ${output} names no format before its =.`, { todo: near === undefined ? `One of ${formats.join(', ')}: --output ${formats[0]}=FILE.` : `Did you mean ${near}=${file}?` });
  }
  if (file === '') throw new UserError('usage', `--output ${output} names no file.`, { todo: `Write --output ${format}=FILE, or ${format}=- for standard output.` });
  return { format, file: file === '-' ? undefined : file };
}

/**
 * Writes the files first, so that the answer on stdout stands last; piece by piece, because it may be larger than memory.
 *
 * @param render makes an answer; the surface is undefined for files
 */
export async function writeAnswers<F extends string>(answers: readonly Answer<F>[], output: Output, render: (format: F, surface: Surface | undefined) => Pieces): Promise<void> {
  for (const { format, file } of answers) {
    if (file !== undefined) await writing(file, (path) => pipeline(chunksOf(rendered(format, () => render(format, undefined))), createWriteStream(path)));
  }
  for (const { format, file } of answers) if (file === undefined) await output.answerPieces(chunksOf(rendered(format, () => render(format, output.out))));
}

/** Characters that are written at once. */
const chunk = 1 << 16;

/** A text with its last line feed, in pieces worth a write each. */
function* chunksOf(pieces: Pieces): Generator<string> {
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < chunk) continue;
    yield waiting;
    waiting = '';
  }
  yield `${waiting}\n`;
}

/** A piece of more than 512 MB or so is more than a string can hold. */
function* rendered(format: string, render: () => Pieces): Generator<string> {
  try {
    yield* render();
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.includes('string length')) throw error;
    throw new UserError('answer-too-large', `The answer is too large to be written as ${format}.`, { why: 'It would have more than 500 MB.', todo: 'Ask for less at once, or for another format.', cause: error });
  }
}
