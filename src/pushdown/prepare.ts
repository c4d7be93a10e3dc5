import type { QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';
import type { ExplainOptions } from './explain/explain.ts';
import { explainStatements } from './explain/explain-statements.ts';
import type { Answer, Pace } from './explain/explain-statements.ts';
import { readOpaqueFunctions } from './facts/functions.ts';
import type { OpaqueOf } from './facts/functions.ts';
import { readRelationFacts } from './facts/relations.ts';
import type { FactsOf } from './facts/relations.ts';
import { openViews } from './facts/views.ts';
import type { OpenedQuery } from './facts/views.ts';
import type { Parser } from './parser.ts';
import { everyFlow, flowOf } from './plan/flow.ts';
import type { PlanNode } from './plan/node.ts';
import { readRelations } from './plan/relations.ts';
import type { QueryInput } from './types.ts';

/** A query with its views opened up, and its plans. */
export interface PlannedQuery {
  readonly opened: OpenedQuery;
  readonly answer: Answer;
}

/** Queries that are ready to be judged, with what the catalogs say about all that they name. */
export interface Prepared {
  readonly planned: ReadonlyMap<QueryInput, PlannedQuery>;
  readonly factsOf: FactsOf;
  readonly opaqueOf: OpaqueOf;
}

/**
 * Has queries planned, and reads what judging them takes: a fixed number of questions to the catalogs, however many there are.
 * @param next called before each query is EXPLAINed
 */
export async function prepare(session: Session, parser: Parser, queries: readonly QueryInput[], options: ExplainOptions, pace: Pace, next: (query: QueryInput) => void): Promise<Prepared> {
  const opened = await openViews(session, parser, queries.map(({ sql }) => sql));
  const opaqueOf = await readOpaqueFunctions(session, opened.flatMap(({ shape }) => shape.functions));
  const statements = queries.map(({ sql }, index) => ({ sql, parameters: opened[index]?.shape.parameters ?? 0 }));
  const answers = await explainStatements(session, statements, options, (index) => {
    const query = queries[index];
    if (query !== undefined) next(query);
  }, pace);
  const plans = answers.flatMap(({ explained, custom }) => [explained, custom]).flatMap((each) => (each !== undefined && 'plan' in each ? [each.plan] : []));
  const factsOf = await readRelationFacts(session, [...plans.flatMap(relationNames), ...opened.flatMap(({ reached }) => reached)]);
  const planned = new Map<QueryInput, PlannedQuery>();
  for (const [index, query] of queries.entries()) {
    const [views, answer] = [opened[index], answers[index]];
    if (views !== undefined && answer !== undefined) planned.set(query, { opened: views, answer });
  }
  return { planned, factsOf, opaqueOf };
}

/** All relations that a plan names. */
function relationNames(plan: PlanNode): readonly QualifiedName[] {
  return everyFlow(flowOf(plan)).flatMap(({ node }) => [
    ...(node.relation === undefined ? [] : [node.relation]),
    ...node.targets.flatMap((target) => target.relation ?? []),
    ...(node.relations === undefined ? [] : readRelations(node.relations).relations),
  ]);
}
