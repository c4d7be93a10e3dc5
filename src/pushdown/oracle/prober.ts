import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident, qualified } from '../../sql/quote.ts';
import { forcing } from '../cause.ts';
import { openTransaction } from '../explain/explain.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { everyFlow, flowOf } from '../plan/flow.ts';
import type { PlanRelation } from '../plan/node.ts';
import { readPlan } from '../plan/node.ts';

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** OID of its type. */
  readonly oid: number;
}

/** What the planner says about an expression. */
export type Answer = 'ships' | 'stays' | 'unknown';

/**
 * Asks the planner about parts of expressions, by EXPLAIN over the same foreign tables: nothing is executed and
 * nothing is created. One READ ONLY transaction, opened at the first question.
 */
export class Prober {
  readonly #session: Session;
  readonly #options: ExplainOptions;
  #open = false;

  constructor(session: Session, options: ExplainOptions) {
    this.#session = session;
    this.#options = options;
  }

  /**
   * Whether an expression over `relations` can be sent.
   *
   * It is asked about as `(<expression>) IS NULL OR …`: any type may stand there, and the planner cannot decide it
   * beforehand. What is constant is folded, needs no sending, and so does not stay.
   *
   * @param open a condition that can be sent and that the planner cannot decide beforehand: `alias.column IS NULL`
   */
  async ask(expression: string, relations: readonly PlanRelation[], open: string): Promise<Answer> {
    return this.#explain(`SELECT 1 FROM ${fromList(relations)} WHERE ((${expression}) IS NULL OR ${open})`);
  }

  /** The OID of an expression's type; nothing is executed. undefined: it has none by itself, or is refused. */
  async typeOf(expression: string, relations: readonly PlanRelation[]): Promise<number | undefined> {
    return this.#guarded(async () => (await this.#session.describe(`SELECT ${expression} FROM ${fromList(relations)}`))[0]?.oid);
  }

  /** Names and types of a statement's result columns; nothing is executed. undefined: it is refused. */
  async describe(sql: string): Promise<readonly ResultColumn[] | undefined> {
    return this.#guarded(() => this.#session.describe(sql));
  }

  /** How many rows the planner expects of a relation under a condition; undefined: it cannot be asked. */
  async rows(relation: PlanRelation, condition: string | undefined): Promise<number | undefined> {
    const where = condition === undefined ? '' : ` WHERE ${condition}`;
    return this.#guarded(async () => {
      const answer = await this.#session.queryOne(`EXPLAIN (FORMAT JSON) SELECT 1 FROM ${fromList([relation])}${where}`);
      return readPlan(answer[0]?.['QUERY PLAN']).rows;
    });
  }

  /** The catalogs, in the same transaction, and so under the same role and search_path. */
  async read<R extends Record<string, unknown>>(sql: string, params: readonly unknown[]): Promise<readonly R[]> {
    return (await this.#guarded(() => this.#session.query<R>(sql, params))) ?? [];
  }

  /** Rolls back. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#session.query('ROLLBACK');
  }

  async #explain(sql: string): Promise<Answer> {
    const rows = await this.#guarded(() => this.#session.queryOne(`EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ${sql}`));
    if (rows === undefined) return 'unknown';
    for (const { node } of everyFlow(flowOf(readPlan(rows[0]?.['QUERY PLAN'])))) {
      const oneTime = node.oneTimeFilter !== undefined && node.oneTimeFilter !== 'false';
      if (node.filter !== undefined || oneTime || node.joinConditions.length > 0) return 'stays';
    }
    return 'ships';
  }

  /** Runs in the transaction; after an error of the server the transaction goes on. */
  async #guarded<T>(run: () => Promise<T>): Promise<T | undefined> {
    if (!this.#open) {
      // With local joins made dear, a question about two relations is answered by a join that is sent.
      const settings = Object.entries(forcing).map(([name, value]) => `SET LOCAL ${name} = ${value}`);
      await this.#session.query([...openTransaction(this.#options), ...settings, 'SAVEPOINT fdw_probe'].join('; '));
      this.#open = true;
    }
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.sqlstate.startsWith('57P')) throw error;
      await this.#session.query('ROLLBACK TO SAVEPOINT fdw_probe');
      return undefined;
    }
  }
}

function fromList(relations: readonly PlanRelation[]): string {
  return relations.map((relation) => `${qualified(relation)} AS ${ident(relation.alias)}`).join(', ');
}
