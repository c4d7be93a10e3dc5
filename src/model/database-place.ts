/** What tells two databases of one name apart. */
export interface DatabasePlace {
  /** The cluster's system identifier; undefined where the role may not ask. A physical copy has the same. */
  readonly system: string | undefined;
  readonly oid: string;
}

/** Whether both can be one database. */
export function samePlace(a: DatabasePlace, b: DatabasePlace): boolean {
  return a.oid === b.oid && (a.system === undefined || b.system === undefined || a.system === b.system);
}
