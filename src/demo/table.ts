import type { Row } from '../postgres/session.ts';

/**
 * Rows as psql prints them: headings, a rule, right-aligned numbers, the number of rows.
 *
 * @param rows of one query, at least one; values are text, numbers or null
 */
export function textTable(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => names.map((name) => cell(row[name])));
  const columns = names.map((name, index) => {
    const values = cells.map((row) => row[index] ?? '');
    return { name, width: Math.max(name.length, ...values.map((value) => value.length)), numeric: values.every((value) => /^-?\d*\.?\d*$/.test(value)) };
  });
  const line = (texts: readonly string[]): string =>
    columns.map(({ width, numeric }, index) => (numeric ? (texts[index] ?? '').padStart(width) : (texts[index] ?? '').padEnd(width))).join(' | ');
  return [
    ` ${line(names)}`.trimEnd(),
    columns.map(({ width }) => '-'.repeat(width + 2)).join('+'),
    ...cells.map((row) => ` ${line(row)}`.trimEnd()),
    `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`,
  ].join('\n');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}
