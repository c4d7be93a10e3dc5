import { tokens } from '../queries/lexer.ts';
import type { Token } from '../queries/lexer.ts';

/** Words that begin a clause of a statement; pgsql-deparser prints keywords, and nothing else, in capitals. */
const clauses = new Set(['FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'FOR', 'RETURNING', 'SET', 'UNION', 'INTERSECT', 'EXCEPT', 'LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS', 'JOIN']);

/** Words before JOIN, which then begin the line. */
const joins = new Set(['LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS', 'OUTER', 'NATURAL']);

/** How long a statement or a sub-select may be on one line. */
const lineLength = 100;

/**
 * A statement that stands on one line, as pgsql-deparser prints it, a clause per line where it is long, sub-selects indented.
 * Only white space between tokens differs.
 */
export function laidOut(sql: string): string {
  const tight = withoutInnerSpace(sql);
  return layOut(tight, [...tokens(tight)], 0);
}

/** `( SELECT 1 )` as `(SELECT 1)`. */
function withoutInnerSpace(sql: string): string {
  let last: Token | undefined;
  let text = '';
  for (const token of tokens(sql)) {
    text += (last === undefined || last.kind === 'open' || token.kind === 'close' ? '' : sql.slice(last.end, token.start)) + sql.slice(token.start, token.end);
    last = token;
  }
  return text;
}

function layOut(sql: string, all: readonly Token[], margin: number): string {
  const line = (from: Token | undefined, to: Token | undefined): string => (from === undefined || to === undefined ? '' : sql.slice(from.start, to.end));
  if (all.length === 0 || margin + line(all[0], all.at(-1)).length <= lineLength) return line(all[0], all.at(-1));
  const start = `\n${' '.repeat(margin)}`;
  let text = '';
  let last: Token | undefined;
  let afterUnion = false;
  for (let at = 0; at < all.length; at += 1) {
    const token = all[at];
    if (token === undefined) break;
    const word = token.kind === 'word' ? wordOf(sql, token) : '';
    const before = last === undefined ? '' : wordOf(sql, last);
    const breaks = last !== undefined && ((clauses.has(word) && !(word === 'JOIN' && joins.has(before)) && !(word === 'FROM' && before === 'DISTINCT')) || (afterUnion && word !== 'ALL'));
    afterUnion = ['UNION', 'INTERSECT', 'EXCEPT'].includes(word) || (afterUnion && word === 'ALL');
    text += last === undefined ? '' : breaks ? start : sql.slice(last.end, token.start);
    const end = token.kind === 'open' ? closing(all, at) : undefined;
    if (end === undefined) text += line(token, token);
    else {
      text += group(sql, all.slice(at, end + 1), margin);
      at = end;
    }
    last = all[at];
  }
  return text;
}

/** What stands in parentheses: a sub-select indented, where it is long; anything else as it is. */
function group(sql: string, all: readonly Token[], margin: number): string {
  const [open, ...rest] = all;
  const close = rest.pop();
  const [first, last] = [rest[0], rest.at(-1)];
  if (open === undefined || close === undefined || first === undefined || last === undefined) return all.map(({ start, end }) => sql.slice(start, end)).join('');
  if (!isSelect(sql, rest)) return sql.slice(open.start, close.end);
  const inside = layOut(sql, rest, margin + 2);
  return margin + inside.length <= lineLength && !inside.includes('\n') ? `(${inside})` : `(\n${' '.repeat(margin + 2)}${inside}\n${' '.repeat(margin)})`;
}

/** Whether it begins with SELECT, in parentheses of its own or not. */
function isSelect(sql: string, all: readonly Token[]): boolean {
  const first = all.find(({ kind }) => kind !== 'open');
  return first !== undefined && ['SELECT', 'WITH', 'VALUES'].includes(wordOf(sql, first));
}

function closing(all: readonly Token[], from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < all.length; at += 1) {
    const kind = all[at]?.kind;
    depth += kind === 'open' ? 1 : kind === 'close' ? -1 : 0;
    if (depth === 0) return at;
  }
  return undefined;
}

function wordOf(sql: string, { kind, start, end }: Token): string {
  return kind === 'word' ? sql.slice(start, end) : '';
}
