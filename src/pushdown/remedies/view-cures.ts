import { nameKey } from '../../model/name.ts';
import { qualified } from '../../sql/quote.ts';
import type { OpenedView } from '../facts/views.ts';
import type { Clause } from '../types.ts';
import type { Laboratory } from './laboratory.ts';
import { rewriteCures } from './prove.ts';
import type { Cure } from './prove.ts';
import type { Results } from './result-columns.ts';
import type { Surroundings } from './rule.ts';

/** What curing clauses of views needs. */
export interface ViewGround {
  readonly lab: Laboratory;
  readonly results: Results;
  readonly views: readonly OpenedView[];
  /** What the rules ask for, of a view's own query. */
  readonly surroundings: (sql: string) => Promise<Surroundings>;
}

/** Other queries for the views that clauses stand in, the statement planned over copies of these. */
export async function viewCures({ lab, results, views, surroundings }: ViewGround, clauses: readonly Clause[]): Promise<readonly Cure[]> {
  const named = new Set(clauses.filter(({ reasons }) => reasons.length > 0).flatMap(({ place }) => place?.view?.name ?? []));
  const meant = new Map(views.filter((view) => named.has(`${view.schema}.${view.name}`)).map((view) => [nameKey(view), view]));
  const cures: Cure[] = [];
  for (const [key, view] of meant) {
    const definition = view.definition.trim().replace(/;$/, '');
    const found = await rewriteCures(
      {
        sql: definition,
        lab: { ...lab, plan: ({ sql = definition, settings }) => lab.plan({ change: { views: new Map([[key, sql]]) }, ...(settings !== undefined && { settings }) }) },
        results,
        surroundings: () => surroundings(definition),
      },
      clauses,
    );
    cures.push(...found.map(({ clauses: cured, remedy }): Cure => ({ clauses: cured, remedy: { ...remedy, kind: 'command', title: `in the view ${view.schema}.${view.name}: ${remedy.title}`, sql: replacing(view, remedy.sql) } })));
  }
  return cures;
}

/** The statement that gives a view another query and leaves the rest of it as it is. */
function replacing(view: OpenedView, sql: string): string {
  const options = view.options.length === 0 ? '' : ` WITH (${view.options.join(', ')})`;
  return `CREATE OR REPLACE VIEW ${qualified(view)}${options} AS\n${sql.trimStart()};`;
}
