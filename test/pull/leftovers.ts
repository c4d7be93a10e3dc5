import fc from 'fast-check';
import { quoted } from './plain-sql.ts';

/** A foreign table with things that no spec has words for: `fdw pull` says so, plans leave them alone. */
export interface Leftovers {
  readonly statements: readonly string[];
  /** What is said of them. */
  readonly said: readonly string[];
}

/** The name of the table. */
export const leftoverTable = 'left: over';

interface Leftover {
  readonly since?: number;
  readonly sql: (table: string, schema: string, role: string) => readonly string[];
  readonly said: string;
}

const all: readonly Leftover[] = [
  { said: '1 trigger', sql: (table, schema) => [`CREATE FUNCTION ${schema}.does() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`, `CREATE TRIGGER "a: trigger" BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${schema}.does()`] },
  { said: '1 extended statistics object', sql: (table, schema) => [`CREATE STATISTICS ${schema}."some: more" ON a, b FROM ${table}`] },
  { said: '1 identity sequence with settings of its own', sql: (table) => [`ALTER FOREIGN TABLE ${table} ADD c bigint GENERATED ALWAYS AS IDENTITY (START 5)`] },
  { said: 'grant option', sql: (table, _, role) => [`GRANT SELECT ON ${table} TO ${role} WITH GRANT OPTION`] },
  { said: 'grant on columns that a spec has no word for', sql: (table, _, role) => [`GRANT REFERENCES (a) ON ${table} TO ${role}`] },
  { said: '1 comment on constraints', sql: (table) => [`ALTER FOREIGN TABLE ${table} ADD CONSTRAINT "a: check" CHECK (a > 0)`, `COMMENT ON CONSTRAINT "a: check" ON ${table} IS 'why'`] },
  { said: 'privileges that its owner has no more', sql: (table) => [`REVOKE INSERT, DELETE ON ${table} FROM CURRENT_USER`] },
  { said: '"the: type": not written: 2 comments on its parts', sql: (table, schema) => [`CREATE TYPE ${schema}."the: type" AS (x int, y text)`, `COMMENT ON COLUMN ${schema}."the: type".x IS 'one'`, `COMMENT ON COLUMN ${schema}."the: type".y IS 'other'`, `ALTER FOREIGN TABLE ${table} ADD d ${schema}."the: type"`] },
  { since: 17, said: 'grants of MAINTAIN', sql: (table, _, role) => [`GRANT MAINTAIN ON ${table} TO ${role}`] },
  { since: 18, said: '2 NOT NULL constraints with a name or settings of its own', sql: (table) => [`ALTER FOREIGN TABLE ${table} ADD e int CONSTRAINT "own: name" NOT NULL, ADD f int`, `ALTER FOREIGN TABLE ${table} ADD NOT NULL f NO INHERIT`] },
];

/** None of it mostly; else some of it. */
export function leftovers(roles: readonly string[], major: number, { schema, servers }: { readonly schema: string; readonly servers: readonly string[] }): fc.Arbitrary<Leftovers> {
  const [role, where, table] = [quoted(roles[0] ?? ''), quoted(schema), `${quoted(schema)}.${quoted(leftoverTable)}`];
  return fc.oneof(fc.constant<readonly Leftover[]>([]), fc.subarray(all.filter(({ since = 0 }) => since <= major))).map((some) => ({
    statements: some.length === 0 ? [] : [`CREATE FOREIGN TABLE ${table} (a int, b text) SERVER ${quoted(servers[0] ?? '')}`, ...some.flatMap(({ sql }) => sql(table, where, role))],
    said: some.map(({ said }) => said),
  }));
}
