/** `a, b or c`, each in backquotes. */
export function anyOf(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}

/** A name as part of a message: short enough to read. */
export function shown(name: string): string {
  return name.length > 80 ? `\`${name.slice(0, 77)}…\`` : `\`${name}\``;
}
