import type { Session } from '../../postgres/session.ts';
import type { Node, Parser } from '../parser.ts';
import { joinShapes, shapeOf } from '../queries/shape.ts';
import type { NamedRelation, QueryShape } from '../queries/shape.ts';
import { notYetAsked } from './ask-once.ts';

/** A relation that a statement reaches, directly or through views, and as whom. */
export interface ReachedRelation {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  /** The role whose privileges and user mapping count (checkAsUser): undefined for the one that runs the query. */
  readonly as: string | undefined;
}

/** A statement with its views opened up. */
export interface OpenedQuery {
  readonly shape: QueryShape;
  /** Relations other than views. */
  readonly reached: readonly ReachedRelation[];
  /** The views on the way, once for each name in the statement that leads there. */
  readonly views: readonly OpenedView[];
  /** Functions in SQL that the statement calls: where they are inlined, the plan shows what they say. */
  readonly bodies?: readonly OpenedBody[];
}

/** What a function in SQL says. */
export interface OpenedBody {
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  /** Where the statement calls it, in bytes. */
  readonly location: number | undefined;
}

export interface OpenedView {
  readonly schema: string;
  readonly name: string;
  readonly securityBarrier: boolean;
  readonly checkOption: boolean;
  /** `security_barrier=true` …, as stored. */
  readonly options: readonly string[];
  readonly definition: string;
  /** The definition, parsed. */
  readonly statement: Node | undefined;
  /** Where the statement names the view that leads to it (or itself), in bytes. */
  readonly location: number | undefined;
}

interface Resolved extends Record<string, unknown> {
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  readonly oid: string;
  readonly kind: string;
  readonly owner: string;
  readonly definition: string | null;
  readonly options: string[] | null;
  readonly security_invoker: boolean;
  readonly security_barrier: boolean;
  readonly check_option: boolean;
}

/** How deep views may stand on views; PostgreSQL sets no limit, a loop is impossible. */
const deepest = 50;

/** What the names in a run's statements have resolved to so far, each asked about once. */
export class ViewsOfRun {
  readonly #known = new Map<string, Resolved | undefined>();
  readonly #shapes = new Map<string, QueryShape>();

  /**
   * Opens up the views of statements, level by level: one query per level for all of them. Names resolve under the
   * session's search_path. A view's relations are used as its owner, unless it is `security_invoker` (15 and later);
   * postgresql.org/docs/18/sql-createview.html.
   */
  async open(session: Session, parser: Parser, statements: readonly string[]): Promise<readonly OpenedQuery[]> {
    const shapes = statements.map((sql) => shapeOf(parser, sql));
    let wanted = shapes.flatMap((shape) => shape.relations);
    for (let level = 0; wanted.length > 0 && level < deepest; level += 1) {
      const fresh = notYetAsked(wanted, keyOf, this.#known);
      const found = await resolve(session, [...fresh.values()]);
      for (const key of fresh.keys()) this.#known.set(key, undefined);
      wanted = [];
      for (const row of found) {
        this.#known.set(row.key, row);
        if (row.definition === null) continue;
        const shape = shapeOf(parser, row.definition);
        this.#shapes.set(row.oid, shape);
        wanted.push(...shape.relations);
      }
    }
    return shapes.map((shape) => opened(shape, this.#known, this.#shapes));
  }
}

function opened(outer: QueryShape, known: ReadonlyMap<string, Resolved | undefined>, viewShapes: ReadonlyMap<string, QueryShape>): OpenedQuery {
  const shapes = [outer];
  const reached: ReachedRelation[] = [];
  const views = new Map<string, OpenedView>();
  const shaped = new Set<string>();
  const visit = (names: readonly NamedRelation[], as: string | undefined, depth: number, via: number | undefined): void => {
    for (const name of names) {
      const location = via ?? name.location;
      const found = known.get(keyOf(name));
      if (found === undefined) continue;
      const inside = viewShapes.get(found.oid);
      if (inside === undefined || depth > deepest) {
        reached.push({ schema: found.schema, name: found.name, oid: Number(found.oid), as });
        continue;
      }
      if (!shaped.has(found.oid)) shapes.push(inside);
      shaped.add(found.oid);
      const { schema, name: view, security_barrier: securityBarrier, check_option: checkOption, options, definition } = found;
      views.set(`${found.oid} ${location}`, { schema, name: view, securityBarrier, checkOption, options: options ?? [], definition: definition ?? '', statement: inside.statement, location });
      visit(inside.relations, found.security_invoker ? as : found.owner, depth + 1, location);
    }
  };
  visit(outer.relations, undefined, 0, undefined);
  return { shape: joinShapes(shapes, outer), reached, views: [...views.values()] };
}

function keyOf(name: NamedRelation): string {
  return `${name.schema ?? ''}\0${name.name}`;
}

async function resolve(session: Session, wanted: readonly NamedRelation[]): Promise<readonly Resolved[]> {
  if (wanted.length === 0) return [];
  const rows = await session.query<Resolved>(
    `SELECT w.key, n.nspname::text AS schema, c.relname::text AS name, c.oid::text, c.relkind::text AS kind, r.rolname::text AS owner,
            CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END AS definition, c.reloptions AS options,
            coalesce(c.reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1,security_invoker=yes}'::text[], false) AS security_invoker,
            coalesce(c.reloptions && '{security_barrier=true,security_barrier=on,security_barrier=1,security_barrier=yes}'::text[], false) AS security_barrier,
            coalesce(c.reloptions && '{check_option=local,check_option=cascaded}'::text[], false) AS check_option
     FROM (SELECT ordinality::text AS key,
                  pg_catalog.to_regclass(CASE WHEN schema IS NULL THEN '' ELSE pg_catalog.quote_ident(schema) || '.' END || pg_catalog.quote_ident(name)) AS oid
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(schema, name, ordinality)) w
     JOIN pg_catalog.pg_class c ON c.oid = w.oid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_roles r ON r.oid = c.relowner`,
    [wanted.map((name) => name.schema ?? null), wanted.map((name) => name.name)],
  );
  return rows.map((row) => ({ ...row, key: keyOf(wanted[Number(row.key) - 1] ?? { schema: undefined, name: '', location: undefined }) }));
}
