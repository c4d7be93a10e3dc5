import type { SourceSpan } from '../base/source.ts';

/** `a, b or c`, each in backquotes. */
export function anyOf(words: readonly string[]): string {
  return either(words.map((word) => `\`${word}\``));
}

/** `a, b or c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

/** A name as part of a message: short enough to read, and on one line. */
export function shown(text: string): string {
  const name = text.replaceAll('\n', '\\n');
  return name.length > 80 ? `\`${name.slice(0, 77)}…\`` : `\`${name}\``;
}

/** `fdw.yaml:3:5` */
export function placeOf({ source, line, column }: SourceSpan): string {
  return `${source.file}:${line}:${column}`;
}

/** `in line 3`, or with its file where that is another one than that of `from`. */
export function relativePlace(at: SourceSpan, from: SourceSpan): string {
  return at.source === from.source ? `in line ${at.line}` : `at ${placeOf(at)}`;
}
