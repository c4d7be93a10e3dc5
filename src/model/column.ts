import type { QualifiedName } from './name.ts';
import type { Options } from './option.ts';

/** `GENERATED ALWAYS AS (…)`. Virtual ones are there from 18 on (postgresql.org/docs/18/ddl-generated-columns.html). */
export interface Generated {
  /** As `pg_get_expr` prints it with `search_path = pg_catalog`. */
  readonly expression: string;
  readonly kind: 'stored' | 'virtual';
  /** The columns that the expression uses; the catalog's word only, never compared. */
  readonly uses?: readonly string[];
}

/** `GENERATED … AS IDENTITY`: foreign tables may have it on all majors (tried on 14 to 18), with a sequence here. */
export type Identity = (typeof identities)[number];

export const identities = ['always', 'by default'] as const;

/** `SET STORAGE`, and whether that is what the type has anyway. */
export interface Storage {
  readonly mode: (typeof storageModes)[number];
  readonly isDefault: boolean;
}

export const storageModes = ['plain', 'external', 'extended', 'main'] as const;

/**
 * A column of a foreign table. Of what may be left out (`?`), undefined means: not managed by the spec (desired). The
 * catalog gives all of it.
 */
export interface Column {
  readonly name: string;
  /** What it was called before; in a desired state where it was, in an actual one where it is about to be renamed. */
  readonly renamedFrom?: string | undefined;
  /** As `format_type` prints it with `search_path = pg_catalog`: `numeric(12,2)`, `shop.order_status`, `public.citext[]`. */
  readonly type: string;
  readonly notNull: boolean;
  /** How NOT NULL is said where a column is made again with its constraint of 18; undefined: without a name. In no state. */
  readonly notNullAs?: { readonly name: string; readonly noInherit: boolean } | undefined;
  /** undefined: the type's own collation. */
  readonly collation: QualifiedName | undefined;
  /** As `pg_get_expr` prints it with `search_path = pg_catalog`; undefined: none. */
  readonly default: string | undefined;
  readonly generated: Generated | undefined;
  readonly identity?: Identity | undefined;
  readonly options: Options;
  /** The statistics target, 0 to 10000; -1: the database's own. */
  readonly statistics?: number | undefined;
  /** The number of distinct values that the planner shall believe in, -1 to 0: as a part of the rows; 0: what ANALYZE finds. */
  readonly nDistinct?: number | undefined;
  /** The same for the table with its children. */
  readonly nDistinctInherited?: number | undefined;
  readonly storage?: Storage | undefined;
  /** Whether a parent of the table has it too, so that it can be dropped or altered only there; the catalog's word only, undefined: no. */
  readonly inherited?: boolean | undefined;
  /** Whether it is there only because a parent that the table inherits from has it; undefined: no. In a desired state of a table that comes back as it was. */
  readonly handedDown?: true | undefined;
  /** Whether a parent asks for NOT NULL, so that the table cannot do without it; the catalog's word only, undefined: no. */
  readonly notNullAbove?: true | undefined;
  /** '': none. */
  readonly comment?: string | undefined;
}
