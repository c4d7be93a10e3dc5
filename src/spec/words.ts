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
