import { displayWidth } from './display-width.ts';

/**
 * Control characters and those that change the direction of text: shown as they are, a name could rewrite
 * what stands on a terminal beside it. Line feed is kept by `visible`'s callers where it may stand.
 */
const unsafe = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

/** The text with such characters written as `\u{1b}`; line feeds stay. For SQL and other texts of several lines. */
export function visibleLines(text: string): string {
  return text.replace(unsafe, (character) => (character === '\t' ? '  ' : `\\u{${character.charCodeAt(0).toString(16)}}`));
}

/** The same on one line: line feeds are written out too. For names and sentences. */
export function visible(text: string): string {
  return visibleLines(text).replaceAll('\n', '\\n');
}

/** `text` with `by` spaces before each of its lines. */
export function indent(text: string, by: number): string {
  const margin = ' '.repeat(by);
  return text
    .split('\n')
    .map((line) => (line === '' ? line : margin + line))
    .join('\n');
}

/** What colours a text on a terminal: these sequences take no room. */
const colourSequence = /\u001B\[[0-9;]*m/g;

/**
 * Wraps prose at spaces; a word longer than the width stands alone and over the edge, so that names and
 * paths can be copied whole.
 * @param width columns of the terminal
 * @param by columns that every line is indented by, within the width
 * @param hang further columns for the second line and those after it
 * @param long what becomes of a longer word: `cut` cuts it at the edge, where nobody copies it and it would tear a drawing
 */
export function wrap(text: string, width: number, by = 0, hang = 0, long: 'over' | 'cut' = 'over'): string {
  const lines = text.split('\n').flatMap((paragraph) => {
    const wrapped: string[] = [];
    let line = ' '.repeat(by);
    let room = width - by;
    let empty = true;
    for (const { word, begins } of wordsOf(paragraph, long === 'cut' ? Math.max(20, width - by - hang) : Infinity)) {
      const columns = displayWidth(word.replaceAll(colourSequence, ''));
      if (!begins || (!empty && columns + 1 > room)) {
        wrapped.push(line);
        line = ' '.repeat(by + hang);
        room = width - by - hang;
        empty = true;
      }
      line += empty ? word : ` ${word}`;
      room -= empty ? columns : columns + 1;
      empty = false;
    }
    return [...wrapped, line];
  });
  return lines.map((line) => (line.trim() === '' ? '' : line)).join('\n');
}

/** The words of a line, those that are longer than `most` columns in pieces of which each stands on a line of its own. */
function* wordsOf(line: string, most: number): Generator<{ readonly word: string; readonly begins: boolean }> {
  for (const word of line.split(' ')) {
    if (word.length <= most / 2 || displayWidth(word) <= most || word.includes('\u001B')) {
      yield { word, begins: true };
      continue;
    }
    let piece = '';
    let columns = 0;
    let begins = true;
    for (const character of word) {
      const own = displayWidth(character);
      if (columns + own > most) {
        yield { word: piece, begins };
        [piece, columns, begins] = ['', 0, false];
      }
      piece += character;
      columns += own;
    }
    yield { word: piece, begins };
  }
}

/** `1 table`, `2 tables`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `1 row`, `12,345 rows`: what may be a large number, in prose that no program reads. */
export function amount(number: number, one: string): string {
  return `${number < 1000 ? number : number.toLocaleString('en')} ${number === 1 ? one : `${one}s`}`;
}

/** `8 B`, `800 kB`, `1.5 MB`: an amount of data, for people. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let left = size;
  let unit = 0;
  while (left >= 999.5 && unit < units.length - 1) {
    left /= 1000;
    unit += 1;
  }
  return `${unit === 0 || left >= 100 ? Math.round(left) : Number(left.toPrecision(2))} ${units[unit] ?? ''}`;
}
