import type { Session } from '../../postgres/session.ts';
import type { NamedRelation } from '../queries/shape.ts';
import { notYetAsked } from './ask-once.ts';

/** A function of the user's that a statement calls, in another language than C. */
export interface CalledFunction {
  readonly schema: string;
  readonly name: string;
  readonly language: string;
  /** Whether it may read tables, being not declared IMMUTABLE: no plan of its caller shows what it does, unless it is inlined. */
  readonly opaque: boolean;
  /** The text of one in SQL, which may be inlined. */
  readonly body: string | undefined;
}

export type CalledOf = (name: NamedRelation) => CalledFunction | undefined;

/** The functions that a run's statements call. Names resolve under the session's search_path; each is asked for once. */
export class FunctionsOfRun {
  readonly #called = new Map<string, CalledFunction | undefined>();

  readonly of: CalledOf = (name) => this.#called.get(keyOf(name));

  /** Learns of those that are not known yet, in one query. */
  async read(session: Session, names: readonly NamedRelation[]): Promise<void> {
    const fresh = notYetAsked(names, keyOf, this.#called);
    if (fresh.size === 0) return;
    const found = await readFunctions(session, [...fresh.values()]);
    for (const key of fresh.keys()) this.#called.set(key, found.get(key));
  }
}

async function readFunctions(session: Session, wanted: readonly NamedRelation[]): Promise<ReadonlyMap<string, CalledFunction>> {
  const rows = await session.query<{ position: string; schema: string; name: string; language: string; opaque: boolean; body: string | null }>(
    `SELECT DISTINCT ON (w.position) w.position::text, n.nspname::text AS schema, p.proname::text AS name, l.lanname::text AS language, p.provolatile <> 'i' AS opaque,
            CASE WHEN l.lanname = 'sql' AND p.prokind = 'f' THEN coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) END AS body
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, position)
     JOIN pg_catalog.pg_proc p ON p.proname = w.name
     JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     JOIN pg_catalog.pg_language l ON l.oid = p.prolang
     WHERE CASE WHEN w.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = w.schema END
       AND l.lanname NOT IN ('internal', 'c') AND p.oid >= 16384
     ORDER BY w.position, p.oid`,
    [wanted.map(({ schema }) => schema ?? null), wanted.map(({ name }) => name)],
  );
  return new Map(rows.map(({ position, body, ...row }) => [keyOf(wanted[Number(position) - 1] ?? { schema: undefined, name: '' }), { ...row, body: body ?? undefined }]));
}

function keyOf({ schema, name }: Pick<NamedRelation, 'schema' | 'name'>): string {
  return `${schema ?? ''}\0${name}`;
}
