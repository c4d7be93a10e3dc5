/** The first few lines of a list, and how many more there are. */
export function someOf(lines: readonly string[], most = 10): string {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `and ${more} more`].join('\n') : lines.join('\n');
}

/** The same in a line: `a, b and 3 more`. */
export function someInLine(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
