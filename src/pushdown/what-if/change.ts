/** What a copy of a foreign table has otherwise than the table. */
export interface TableChange {
  /** Options of the table. */
  readonly options?: Readonly<Record<string, string>>;
  readonly columns?: Readonly<Record<string, ColumnChange>>;
  /** Another server. */
  readonly server?: string;
}

export interface ColumnChange {
  /** A type, as SQL. */
  readonly type?: string;
  /** A collation, quoted as SQL wants it. */
  readonly collation?: string;
  /** Not GENERATED any more. */
  readonly plain?: boolean;
}

/** A world that differs from the present one; tables by OID. */
export interface Change {
  /** What tells the copies of servers from those that another session of this run makes at the same time. */
  readonly job?: string | undefined;
  /** Servers to copy, by name, with options that differ: all their tables that a statement names are then copied. */
  readonly servers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly tables?: ReadonlyMap<number, TableChange>;
  /** Other queries of views, by `nameKey`; such a view and what stands on it keep their owners. */
  readonly views?: ReadonlyMap<string, string>;
  /** Options of views to leave out: `check_option`. Views are copied wherever something below them is. */
  readonly withoutViewOptions?: readonly string[];
  /** Copy everything, even if nothing of it differs: copies have no triggers, and views belong to the one who asks. */
  readonly everything?: boolean;
  /** The planner asks the remote for costs, and so contacts it; never, without this. */
  readonly estimates?: 'remote';
  /** Copies of tables without statistics get the number of rows that the remote tells, which is contacted; all tables are copied. */
  readonly sizes?: 'remote';
}

/** Both changes at once; where they speak of one thing, the second counts. */
export function mergeChanges(a: Change, b: Change): Change {
  const servers = new Set([...Object.keys(a.servers ?? {}), ...Object.keys(b.servers ?? {})]);
  const tables = new Set([...(a.tables?.keys() ?? []), ...(b.tables?.keys() ?? [])]);
  return {
    ...a,
    ...b,
    servers: Object.fromEntries([...servers].map((name) => [name, { ...a.servers?.[name], ...b.servers?.[name] }])),
    views: new Map([...(a.views ?? []), ...(b.views ?? [])]),
    tables: new Map([...tables].map((oid) => [oid, mergeTables(a.tables?.get(oid), b.tables?.get(oid))])),
    withoutViewOptions: [...(a.withoutViewOptions ?? []), ...(b.withoutViewOptions ?? [])],
  };
}

function mergeTables(a: TableChange = {}, b: TableChange = {}): TableChange {
  return { ...a, ...b, options: { ...a.options, ...b.options }, columns: { ...a.columns, ...b.columns } };
}
