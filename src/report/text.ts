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

/**
 * Wraps prose at spaces; a word longer than the width stands alone and over the edge, so that names and
 * paths can be copied whole.
 * @param width columns of the terminal
 * @param by columns that every line is indented by, within the width
 */
export function wrap(text: string, width: number, by = 0): string {
  const room = Math.max(20, width - by);
  const lines = text.split('\n').flatMap((paragraph) => {
    const wrapped: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > room) {
        wrapped.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    return [...wrapped, line];
  });
  return indent(lines.join('\n'), by);
}

/** `1 table`, `2 tables`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
