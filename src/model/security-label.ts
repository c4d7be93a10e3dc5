/** A security label of a relation, of one of its columns, or of the sequence of an identity column. */
export interface SecurityLabel {
  readonly provider: string;
  readonly label: string;
  /** undefined: of the whole. */
  readonly column: string | undefined;
  /** undefined: of the relation. */
  readonly sequence: string | undefined;
}
