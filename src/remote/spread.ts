import type { StandingRelation } from '../model/standing.ts';

/** Rows that are looked at in one page, where the table is large: those next to each other tend to be alike. */
const together = 10;

/**
 * Where to look for a sample: row addresses (ctid) in pages that are spread evenly over a table, the same ones each time. Reading by ctid is
 * what postgres_fdw sends, where TABLESAMPLE is not (foreign_expr_walker, contrib/postgres_fdw/deparse.c, 14 to 18); the remote then reads these pages and no others.
 *
 * @param wanted how many rows
 * @returns about as many addresses, of which some may hold no row; undefined: there are no addresses, or all rows are wanted
 */
export function spreadOver({ kind, size }: Pick<StandingRelation, 'kind' | 'size'>, wanted: number): readonly string[] | undefined {
  if (!hasAddresses({ kind }) || size.rows <= wanted || size.pages <= 1) return undefined;
  const perPage = Math.ceil(size.rows / size.pages);
  const least = Math.min(together, perPage);
  const pages = Math.min(size.pages, Math.ceil(wanted / least));
  const each = Math.ceil(wanted / pages);
  return Array.from({ length: pages }, (_, index) => {
    const page = Math.floor((index * size.pages) / pages);
    // Not always the first rows of a page: those are its oldest.
    const first = (index * each) % Math.max(1, perPage - each + 1);
    return Array.from({ length: each }, (_, row) => `(${page},${first + row + 1})`);
  }).flat();
}

/** Whether a ctid leads to one row: the partitions of a table have the same ones, and views have none. */
export function hasAddresses({ kind }: Pick<StandingRelation, 'kind'>): boolean {
  return kind === 'table' || kind === 'partition' || kind === 'materialized view';
}
