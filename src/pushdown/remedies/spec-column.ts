import type { SpecColumn } from '../../spec/types.ts';
import { ident } from '../../sql/quote.ts';
import { yamlText } from './yaml-text.ts';

/** What a column of the spec shall be instead. */
export interface ColumnWish {
  readonly type: string;
  readonly collation?: string;
  /** As it is now in the database. */
  readonly notNull: boolean;
}

/** A value below the column's key; an empty path: the column's own. */
export interface ColumnValue {
  readonly path: readonly string[];
  readonly value: string;
}

/**
 * A column as it is to be written, so that nothing else of it changes: in the short form all of it, as the text takes the place of
 * the one that is there; of the long form the keys that change.
 *
 * @param written the user's; undefined: not known
 */
export function columnValues({ type, collation, notNull }: ColumnWish, written: SpecColumn | undefined): readonly ColumnValue[] {
  if (written !== undefined && !isShort(written)) return [{ path: ['type'], value: yamlText(type) }, ...(collation === undefined ? [] : [{ path: ['collation'], value: yamlText(collation) }])];
  if (collation !== undefined && written === undefined) return [{ path: [], value: `{type: ${yamlText(type)}, collation: ${yamlText(collation)}${notNull ? ', not_null: true' : ''}}` }];
  const { default: fallback, generated, identity } = written ?? {};
  const clauses = [
    type,
    ...(collation === undefined || collation === 'default' ? [] : [`collate ${/^\w+$/.test(collation) ? collation : ident(collation)}`]),
    ...((written?.notNull ?? notNull) ? ['not null'] : []),
    ...(fallback === undefined ? [] : [`default ${fallback.value}`]),
    ...(generated === undefined ? [] : [`generated always as (${generated.value.expression}) ${generated.value.kind}`]),
    ...(identity === undefined ? [] : [`generated ${identity.value} as identity`]),
  ];
  return [{ path: [], value: yamlText(clauses.join(' ')) }];
}

/** `amount: integer not null`, and not `amount: {type: integer, not_null: true}`: between its name and its type is a colon. */
function isShort({ name, type }: SpecColumn): boolean {
  const lines = name.at.source.text.split('\n').slice(name.at.line - 1, type.at.line);
  const last = lines.length - 1;
  const between = lines.map((line, index) => line.slice(index === 0 ? name.at.endColumn - 1 : 0, index === last ? type.at.column - 1 : undefined)).join(' ');
  return /^["']?\s*:\s*["']?$/.test(between);
}
