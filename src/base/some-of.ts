/** The first few lines of a list, and how many more there are. */
export function someOf(lines: readonly string[], most = 10): string {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `and ${more} more`].join('\n') : lines.join('\n');
}
