import { Shared } from '../base/shared.ts';
import type { Session } from '../postgres/session.ts';

/** A column of the remote as its `pg_attribute` says it, types and collations still OIDs of the remote. */
export interface FoundColumn {
  readonly position: number;
  readonly name: string;
  readonly type: number;
  readonly typmod: number;
  readonly notNull: boolean;
  /** 0: none. */
  readonly collation: number;
  readonly computed: 'stored' | 'virtual' | undefined;
}

interface ColumnRow extends Record<string, unknown> {
  readonly attrelid: number;
  readonly attnum: number;
  readonly attname: string;
  readonly atttypid: number;
  readonly atttypmod: number;
  readonly attnotnull: boolean;
  readonly attcollation: number;
  readonly attgenerated: string;
}

function columnOf(row: ColumnRow): FoundColumn {
  return {
    position: row.attnum,
    name: row.attname,
    type: row.atttypid,
    typmod: row.atttypmod,
    notNull: row.attnotnull,
    collation: row.attcollation,
    computed: row.attgenerated === 's' ? 'stored' : row.attgenerated === 'v' ? 'virtual' : undefined,
  };
}

const columnSql = `
SELECT attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attcollation, attgenerated
  FROM pg_temp.fdw_attribute
 WHERE attrelid = ANY ($1::oid[]) AND attnum > 0 AND NOT attisdropped`;

/**
 * The columns of the relations, dropped ones left out, by relation and in order of their attribute numbers. One query. Columns that are
 * alike are one object.
 *
 * The relations are named by OID: the remote holds one snapshot for the whole transaction (postgres_fdw uses
 * REPEATABLE READ), so that no name can have moved to another OID in between.
 */
export async function findColumns(session: Session, relations: readonly number[]): Promise<ReadonlyMap<number, readonly FoundColumn[]>> {
  const found = new Map<number, FoundColumn[]>();
  if (relations.length === 0) return found;
  const shared = new Shared<FoundColumn>();
  await session.map(columnSql, [relations], (row: ColumnRow) => {
    const { attrelid, attname, ...rest } = row;
    const column = shared.get(`${Object.values(rest).join(' ')} ${attname}`, () => columnOf(row));
    const columns = found.get(attrelid);
    if (columns === undefined) found.set(attrelid, [column]);
    else columns.push(column);
  });
  for (const columns of found.values()) columns.sort((a, b) => a.position - b.position);
  return found;
}

/** The expressions of one column, as the remote prints them. */
export interface Expressions {
  readonly default: string | undefined;
  readonly generated: string | undefined;
}

/*
 * `pg_attrdef` holds a node tree, which only the remote's own pg_get_expr can print; information_schema.columns
 * calls it, for columns on which the role has a privilege.
 */
const expressionSql = `
SELECT table_schema, table_name, column_name, column_default, generation_expression
  FROM pg_temp.fdw_columns
 WHERE table_schema = ANY ($1::text[]) AND table_name = ANY ($2::text[])
   AND (column_default IS NOT NULL OR generation_expression IS NOT NULL)`;

/**
 * Default and generation expressions of the columns of the relations named. One query.
 * @returns by `schema NUL relation NUL column`
 */
export async function findExpressions(
  session: Session,
  relations: readonly { readonly schema: string; readonly name: string }[],
): Promise<ReadonlyMap<string, Expressions>> {
  if (relations.length === 0) return new Map();
  const rows = await session.query<{
    readonly table_schema: string;
    readonly table_name: string;
    readonly column_name: string;
    readonly column_default: string | null;
    readonly generation_expression: string | null;
  }>(expressionSql, [[...new Set(relations.map((one) => one.schema))], [...new Set(relations.map((one) => one.name))]]);
  return new Map(
    rows.map((row) => [
      expressionKey(row.table_schema, row.table_name, row.column_name),
      { default: row.column_default ?? undefined, generated: row.generation_expression ?? undefined },
    ]),
  );
}

/** The key of one column in what `findExpressions` gives (NUL cannot stand in a name). */
export function expressionKey(schema: string, relation: string, column: string): string {
  return `${schema}\0${relation}\0${column}`;
}
