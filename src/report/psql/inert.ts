/**
 * The lexical parts of SQL inside which psql replaces nothing, as its scanner has them (PostgreSQL 18,
 * src/fe_utils/psqlscan.l): string constants, with backslashes when they begin with E, quoted identifiers,
 * dollar-quoted strings, comments; and `::` and `:=`, which are no variables either.
 */
const parts = [
  /(?<![\w$\u0080-\uFFFF])[eE]'(?:[^'\\]|\\[^]|'')*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /(?<![\w$\u0080-\uFFFF])\$([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$[^]*?\$\1\$/y,
  /--[^\n]*/y,
  /::|:=/y,
];

/** The end of the part of SQL that begins at `from`, or undefined where none of the above does. */
function endOfPart(sql: string, from: number): number | undefined {
  const comment = endOfComment(sql, from);
  if (comment !== undefined) return comment;
  for (const part of parts) {
    part.lastIndex = from;
    if (part.test(sql)) return part.lastIndex;
  }
  return undefined;
}

/** Block comments nest. */
function endOfComment(sql: string, from: number): number | undefined {
  if (!sql.startsWith('/*', from)) return undefined;
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) [depth, at] = [depth + 1, at + 1];
    else if (sql.startsWith('*/', at)) [depth, at] = [depth - 1, at + 1];
    if (depth === 0) return at + 1;
  }
  return sql.length;
}

/**
 * A piece of SQL that psql sends as it is: a colon that psql could take for the beginning of a variable
 * (`a[1:n]`) gets a space behind it, which SQL does not mind.
 */
export function inert(sql: string): string {
  let text = '';
  let at = 0;
  while (at < sql.length) {
    const end = endOfPart(sql, at) ?? at + 1;
    const part = sql.slice(at, end);
    text += part === ':' ? ': ' : part;
    at = end;
  }
  return text;
}
