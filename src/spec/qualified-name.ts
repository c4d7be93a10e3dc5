/** A name in two parts, or why it is none. */
export type SplitName =
  | { readonly kind: 'name'; readonly schema: string | undefined; readonly name: string; readonly dotsInName: boolean }
  | { readonly kind: 'problem'; readonly message: string };

/**
 * Splits `schema.name` at the first dot. A part that starts with `"` is quoted as in SQL: it ends at the next
 * single `"`, `""` stands for one. Everything else is taken as written, case and all.
 *
 * @returns `schema` undefined where there is no dot; `dotsInName` where an unquoted second part holds dots
 */
export function splitName(text: string): SplitName {
  const first = part(text, true);
  if (typeof first === 'string') return { kind: 'problem', message: first };
  if (first.rest === undefined) return { kind: 'name', schema: undefined, name: first.name, dotsInName: false };
  const second = part(first.rest, false);
  if (typeof second === 'string') return { kind: 'problem', message: second };
  return { kind: 'name', schema: first.name, name: second.name, dotsInName: !first.rest.startsWith('"') && second.name.includes('.') };
}

/** The first part and what follows its dot; a string says what is wrong. */
function part(text: string, mayContinue: boolean): { readonly name: string; readonly rest: string | undefined } | string {
  if (!text.startsWith('"')) {
    const dot = mayContinue ? text.indexOf('.') : -1;
    return dot < 0 ? { name: text, rest: undefined } : { name: text.slice(0, dot), rest: text.slice(dot + 1) };
  }
  const quoted = /^"((?:[^"]|"")*)"/.exec(text);
  if (quoted === null) return 'a quoted name is never closed';
  const name = (quoted[1] ?? '').replaceAll('""', '"');
  const rest = text.slice(quoted[0].length);
  if (rest === '') return { name, rest: undefined };
  if (rest.startsWith('.') && mayContinue) return { name, rest: rest.slice(1) };
  return mayContinue ? 'a quoted name must be followed by a dot or by nothing' : 'nothing may follow the quoted name';
}
