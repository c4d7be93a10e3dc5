/** A NOT NULL constraint: with a name and settings from 18 on (postgresql.org/docs/18/catalog-pg-constraint.html). */
export interface NotNull {
  readonly column: string;
  readonly name: string;
  readonly noInherit: boolean;
  readonly notValid: boolean;
  /** Whether a parent has it, too. */
  readonly inherited: boolean;
  /** Whether it is the table's own, too. */
  readonly local: boolean;
  /** Whether a constraint of another table in the schema, an heir's above all, has the name as well: PostgreSQL would not choose it again by itself. */
  readonly shared: boolean;
  readonly comment: string | undefined;
}
