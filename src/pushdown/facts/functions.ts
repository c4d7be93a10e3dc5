import type { Session } from '../../postgres/session.ts';
import type { NamedRelation } from '../queries/shape.ts';

/** A function whose statements no plan of its caller shows, unless it is inlined. */
export interface OpaqueFunction {
  readonly schema: string;
  readonly name: string;
  readonly language: string;
}

export type OpaqueOf = (name: NamedRelation) => OpaqueFunction | undefined;

/**
 * Which of the functions that a run's statements call may read tables: those in a language other than C that are not declared
 * IMMUTABLE. Names resolve under the session's search_path; each is asked for once.
 */
export class FunctionsOfRun {
  readonly #opaque = new Map<string, OpaqueFunction | undefined>();

  readonly opaque: OpaqueOf = (name) => this.#opaque.get(keyOf(name));

  /** Learns of those that are not known yet, in one query. */
  async read(session: Session, names: readonly NamedRelation[]): Promise<void> {
    const fresh = new Map(names.map((name) => [keyOf(name), name]));
    for (const key of [...fresh.keys()]) if (this.#opaque.has(key)) fresh.delete(key);
    if (fresh.size === 0) return;
    const found = await readOpaqueFunctions(session, [...fresh.values()]);
    for (const key of fresh.keys()) this.#opaque.set(key, found.get(key));
  }
}

async function readOpaqueFunctions(session: Session, wanted: readonly NamedRelation[]): Promise<ReadonlyMap<string, OpaqueFunction>> {
  const rows = await session.query<{ position: string; schema: string; name: string; language: string }>(
    `SELECT DISTINCT ON (w.position) w.position::text, n.nspname::text AS schema, p.proname::text AS name, l.lanname::text AS language
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, position)
     JOIN pg_catalog.pg_proc p ON p.proname = w.name
     JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     JOIN pg_catalog.pg_language l ON l.oid = p.prolang
     WHERE CASE WHEN w.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = w.schema END
       AND l.lanname NOT IN ('internal', 'c') AND p.provolatile <> 'i' AND p.oid >= 16384
     ORDER BY w.position, p.oid`,
    [wanted.map(({ schema }) => schema ?? null), wanted.map(({ name }) => name)],
  );
  return new Map(rows.map(({ position, ...row }) => [keyOf(wanted[Number(position) - 1] ?? { schema: undefined, name: '' }), row]));
}

function keyOf({ schema, name }: Pick<NamedRelation, 'schema' | 'name'>): string {
  return `${schema ?? ''}\0${name}`;
}
