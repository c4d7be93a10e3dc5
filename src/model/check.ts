/** A CHECK constraint of a foreign table: PostgreSQL believes it and does not check it there. */
export interface Check {
  readonly name: string;
  /** As `pg_get_expr` prints it with `search_path = pg_catalog`. */
  readonly expression: string;
  readonly noInherit: boolean;
  /** NOT VALID. */
  readonly notValid: boolean;
  /** NOT ENFORCED: from 18 on, and then not valid either. */
  readonly notEnforced: boolean;
  /** Whether a parent of the table has it too; the catalog's word only, undefined: no. */
  readonly inherited?: boolean | undefined;
  /** The columns that it is about; the catalog's word only, never compared. */
  readonly columns?: readonly string[];
}

/** One difference in a check. */
export type CheckChange =
  | { readonly kind: 'add-check'; readonly check: Check }
  | { readonly kind: 'drop-check'; readonly name: string }
  | { readonly kind: 'validate-check'; readonly name: string };
