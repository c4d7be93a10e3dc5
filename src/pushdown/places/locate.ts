import type { TextRange } from '../../base/source.ts';
import type { PlanContext } from '../clauses/context.ts';
import type { Finding } from '../clauses/finding.ts';
import type { OpenedQuery } from '../facts/views.ts';
import type { Node, Parser } from '../parser.ts';
import { conjuncts } from '../plan/conjuncts.ts';
import { everyFlow } from '../plan/flow.ts';
import { Places } from '../queries/place.ts';
import type { ClausePlace, QueryInput, Region } from '../types.ts';
import { candidatesOf } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { StatementText } from './extent.ts';
import { featuresOf, featuresOfText, featuresOfTexts, likeness, parsable, subSelect } from './features.ts';
import type { Features } from './features.ts';

/** How much a clause and a part of the text must have in common, from 0 to 1. */
const least = 0.34;

/** Of two with a sub-select: up to 16 the plan shows little more of it than that it is there. */
const leastOfSubSelects = 0.1;

/** Kinds of which a statement mostly has one: where none is alike, the outermost stands for it. */
const plain: ReadonlySet<Finding['kind']> = new Set(['limit', 'set-operation', 'lock', 'distinct', 'window', 'insert', 'update', 'delete']);

/** A candidate, and the text that it is in. */
interface Place {
  readonly candidate: Candidate;
  readonly text: StatementText;
  /** The view or function that it stands in, with what that says and where the statement names what leads to it. */
  readonly view: { readonly kind: 'view' | 'function'; readonly name: string; readonly sql: string; readonly location: number } | undefined;
}

/**
 * Where the clauses of a plan stand in the statement, in their order: found by comparing what the clause is made
 * of with the parts of the parsed statement and of its views, whose places the parser gives.
 *
 * @returns per clause its place; undefined where no part of the text is like it
 */
export function locateClauses(context: PlanContext, query: QueryInput, opened: OpenedQuery, findings: readonly Finding[]): readonly (ClausePlace | undefined)[] {
  const { parser } = context;
  try {
    const outer = new StatementText(parser, query.sql);
    const places = placesOf(parser, outer, opened);
    const used = new Set<Place>();
    return findings.map((finding) => {
      const best = bestOf(context, finding, places, used);
      if (best === undefined) return undefined;
      used.add(best);
      return placeOf(query, outer, best);
    });
  } catch (error) {
    // Nested deeper than the stack goes.
    if (error instanceof RangeError) return findings.map(() => undefined);
    throw error;
  }
}

function placesOf(parser: Parser, outer: StatementText, opened: OpenedQuery): readonly Place[] {
  const own = candidatesIn(opened.shape.statement).map((candidate): Place => ({ candidate, text: outer, view: undefined }));
  const inViews = opened.views.flatMap(({ schema, name, definition, statement, location }) => {
    if (location === undefined) return [];
    const text = new StatementText(parser, definition);
    return candidatesIn(statement).map((candidate): Place => ({ candidate, text, view: { kind: 'view', name: `${schema}.${name}`, sql: definition, location } }));
  });
  const inFunctions = (opened.bodies ?? []).flatMap(({ schema, name, sql, location }) => {
    const statement = location === undefined ? undefined : bodyOf(parser, sql);
    if (location === undefined || statement === undefined) return [];
    const text = new StatementText(parser, statement.sql);
    return candidatesIn(statement.node).map((candidate): Place => ({ candidate, text, view: { kind: 'function', name: `${schema}.${name}()`, sql: statement.sql, location } }));
  });
  return [...own, ...inViews, ...inFunctions];
}

/** The one statement of a function's body, as pg_get_function_sqlbody or its author writes it; `RETURN …` is the SELECT that it stands for. */
function bodyOf(parser: Parser, body: string): { readonly sql: string; readonly node: Node } | undefined {
  const text = body.trim();
  const sql = text.startsWith('BEGIN ATOMIC') ? text.slice('BEGIN ATOMIC'.length, -'END'.length) : text.startsWith('RETURN ') ? `SELECT ${text.slice('RETURN '.length)}` : text;
  const [only, ...more] = parser.parse(sql)?.stmts ?? [];
  return only?.stmt === undefined || more.length > 0 ? undefined : { sql, node: only.stmt };
}

function candidatesIn(statement: Node | undefined): readonly Candidate[] {
  return statement === undefined ? [] : candidatesOf(statement);
}

function bestOf(context: PlanContext, finding: Finding, places: readonly Place[], used: ReadonlySet<Place>): Place | undefined {
  const fitting = places.filter(({ candidate }) => candidate.kinds.includes(finding.kind) && candidate.spots.length > 0);
  if (fitting.length === 0 || (fitting.length === 1 && plain.has(finding.kind))) return fitting[0];
  const features = featuresOfClause(context, finding);
  const aliases = aliasesBelow(context, finding);
  let best: Place | undefined;
  let bestScore = -1;
  for (const place of fitting) {
    const { candidate } = place;
    const shared = candidate.aliases.some((alias) => aliases.has(alias));
    // CROSS and NATURAL JOIN have no condition in the text, a remote join has none in the plan.
    const unsaid = finding.kind === 'join' && (features.size === 0 || candidate.features.size === 0);
    const alike = unsaid ? (shared && mayJoin(candidate, aliases) ? least : 0) : likeness(features, candidate.features);
    if (alike < (features.has(subSelect) && candidate.features.has(subSelect) ? leastOfSubSelects : least) && !plain.has(finding.kind)) continue;
    // Of two that are alike, the one with the same aliases that no other clause has taken.
    const score = alike + (shared ? 0.02 : 0) - (used.has(place) ? 0.3 : 0) - (place.view === undefined ? 0 : 0.001);
    if (score > bestScore || (unsaid && score === bestScore)) {
      best = place;
      bestScore = score;
    }
  }
  // A join whose conditions are not in the plan: the only one there is.
  return best ?? (finding.kind === 'join' ? onlyJoin(fitting) : undefined);
}

/** The aliases of all that flows into a clause, foreign or not. */
function aliasesBelow(context: PlanContext, { at }: Finding): ReadonlySet<string> {
  const foreign = at.foreign.flatMap((scan) => context.scan(scan).relations);
  const aliases = new Set(foreign.map(({ alias }) => alias));
  for (const { node } of everyFlow(at)) if (node.relation !== undefined) aliases.add(node.relation.alias);
  return aliases;
}

/** A condition joins only what it names more than one of. */
function mayJoin({ kinds, aliases }: Candidate, joined: ReadonlySet<string>): boolean {
  return !kinds.includes('filter') || new Set(aliases.filter((alias) => joined.has(alias))).size > 1;
}

function onlyJoin(places: readonly Place[]): Place | undefined {
  const joins = places.filter(({ candidate, view }) => view === undefined && !(candidate.spots.length === 1 && candidate.kinds.includes('filter')));
  return joins.length === 1 ? joins[0] : undefined;
}

/** What a clause is made of, from the plan. */
function featuresOfClause(context: PlanContext, { kind, text, at }: Finding): Features {
  const { parser } = context;
  const { node } = at;
  switch (kind) {
    case 'join':
      return featuresOfTexts(parser, node.joinConditions.flatMap((condition) => conjuncts(condition)));
    case 'aggregate':
      return featuresOfTexts(parser, [...new Set([...node.groupKeys, ...node.output])]);
    case 'window':
      return featuresOfTexts(parser, node.output.filter((each) => each.includes(' OVER ')));
    case 'distinct':
      return featuresOfTexts(parser, node.groupKeys.length > 0 ? node.groupKeys : node.output);
    case 'sort':
    case 'limit': {
      const keys = kind === 'sort' && node.remoteSql !== undefined ? (context.scan(at).remote?.sortNodes ?? []) : [];
      if (keys.length > 0) return featuresOf(keys);
      const statement = parser.parse(`SELECT 1 ${parsable(text)}`)?.stmts?.[0]?.stmt;
      const select = statement !== undefined && 'SelectStmt' in statement ? statement.SelectStmt : undefined;
      return featuresOf(select?.sortClause, select?.limitCount, select?.limitOffset);
    }
    case 'filter':
    case 'output': {
      const tree = node.remoteSql === undefined ? undefined : context.scan(at).remote?.trees.get(text);
      return tree === undefined ? featuresOfText(parser, text) : featuresOf(tree);
    }
    case 'set-operation':
    case 'lock':
    case 'insert':
    case 'update':
    case 'delete':
      return new Map();
  }
}

function placeOf(query: QueryInput, outer: StatementText, { candidate, text, view }: Place): ClausePlace | undefined {
  if (view === undefined) {
    const range = text.rangeOf(candidate.spots);
    return range === undefined ? undefined : { range, region: regionOf(query, range), view: undefined };
  }
  const inside = text.rangeOf(candidate.spots);
  const range = outer.rangeOf([{ at: 'name', location: view.location }]);
  if (inside === undefined || range === undefined) return undefined;
  return { range, region: regionOf(query, range), view: { kind: view.kind, name: view.name, text: view.sql.slice(inside.start, inside.end) } };
}

/** The range in the file; of a check in a spec, whose text does not stand there as it is, undefined. */
function regionOf({ origin }: QueryInput, { start, end }: TextRange): Region | undefined {
  return origin === undefined ? undefined : new Places(origin.source).region(origin.offset + start, origin.offset + end);
}
