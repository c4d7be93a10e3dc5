/** A column as SQL would say it, taken apart. */
export interface ColumnType {
  readonly type: string;
  readonly notNull: boolean;
  /** What cannot be part of a type, in the words of a problem. */
  readonly problem: { readonly message: string; readonly hint: string | undefined } | undefined;
}

/** Reserved words that start a column constraint in SQL and so end its type, with where they go instead. */
const otherClauses: Readonly<Record<string, string>> = {
  default: 'use the long form: {type: …, default: …}',
  collate: 'use the long form: {type: …, collation: …}',
  primary: 'foreign tables have no primary keys',
  unique: 'foreign tables have no unique constraints',
  references: 'foreign tables have no foreign keys',
  check: 'this is not part of a type',
  constraint: 'this is not part of a type',
};

/**
 * Cuts `not null` (or `null`) off the end of `bigint not null`. Only words outside quotes and parentheses count,
 * so `timestamp(3) with time zone` and `"not null"` are types.
 */
export function parseColumnType(text: string): ColumnType {
  if (/^\s*(?:not\s+)?null\s*$/i.test(text)) return { type: '', notNull: false, problem: { message: 'the type is missing', hint: 'for example `bigint not null`' } };
  const words = topLevelWords(text);
  if (words === undefined) {
    return { type: text.trim(), notNull: false, problem: { message: 'quotes or parentheses of this type do not match', hint: undefined } };
  }
  const lower = words.map((word) => word.text.toLowerCase());
  const other = lower.find((word, index) => index > 0 && Object.hasOwn(otherClauses, word));
  let end = text.length;
  let notNull = false;
  if (lower.length > 1 && lower.at(-1) === 'null') {
    notNull = lower.length > 2 && lower.at(-2) === 'not';
    end = words.at(notNull ? -2 : -1)?.start ?? end;
  }
  const type = text.slice(0, end).trim();
  if (other !== undefined) return { type, notNull, problem: { message: `\`${other}\` is not part of a type`, hint: otherClauses[other] } };
  return { type, notNull, problem: undefined };
}

/** Runs of letters, digits and underscores outside quotes and parentheses; undefined where those do not match. */
function topLevelWords(text: string): readonly { readonly text: string; readonly start: number }[] | undefined {
  const words: { text: string; start: number }[] = [];
  let depth = 0;
  const token = /"(?:[^"]|"")*"|'(?:[^']|'')*'|["'()]|[^\s"'()]+/g;
  for (const match of text.matchAll(token)) {
    const [piece] = match;
    if (piece === '"' || piece === "'") return undefined;
    if (piece === '(') depth++;
    else if (piece === ')') depth--;
    else if (depth === 0) words.push({ text: piece, start: match.index });
    if (depth < 0) return undefined;
  }
  return depth === 0 ? words : undefined;
}
