import { isScanFilter } from '../cause.ts';
import type { PlanContext } from '../clauses/context.ts';
import type { Finding } from '../clauses/finding.ts';
import { readColumns } from '../oracle/catalog.ts';
import type { ColumnFacts } from '../oracle/catalog.ts';
import { blame } from '../oracle/blame.ts';
import type { ExpressionGround } from '../oracle/blame.ts';
import type { Prober } from '../oracle/prober.ts';
import type { Parser } from '../parser.ts';
import { conjuncts, unwrap } from '../plan/conjuncts.ts';
import { everyFlow } from '../plan/flow.ts';
import type { Flow } from '../plan/flow.ts';
import type { PlanRelation } from '../plan/node.ts';
import type { Reason } from '../types.ts';
import type { FoundQuery } from './explain-clauses.ts';
import { setExpressions } from './set-expressions.ts';

/** What all questions of a run share. */
export interface Expressions {
  readonly prober: Prober;
  readonly parser: Parser;
  /** Columns already read, by relation. */
  readonly columns: Map<number, readonly ColumnFacts[]>;
}

/**
 * Why the expressions of a local clause cannot be sent.
 *
 * @param structural what was found without looking at expressions
 * @param words what the user wrote for the clause, where it was found
 */
export async function expressionReasons(
  found: FoundQuery,
  finding: Finding,
  expressions: Expressions,
  structural: readonly Reason[],
  words: string | undefined,
): Promise<readonly Reason[]> {
  const ground = groundOf(found, finding, expressions, structural, words);
  if (ground === undefined) return [];
  const reasons: Reason[] = [];
  const isOutput = (text: string): boolean => finding.kind === 'aggregate' && !finding.at.node.groupKeys.map(unwrap).includes(text);
  for (const text of textsOf(found, finding, structural)) reasons.push(...(await blameShallow({ ...ground, isOutput: isOutput(text), isKey: ground.isKey && !isOutput(text) }, text)));
  const outer = finding.kind === 'join' && reasons.length > 0 && isOuter(finding.at.node.joinType);
  return outer ? [outerJoinClause(finding), ...reasons] : reasons;
}

/** An expression nested deeper than the stack goes is not looked into. */
async function blameShallow(ground: ExpressionGround, text: string): Promise<readonly Reason[]> {
  try {
    return await blame(ground, text);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function isOuter(joinType: string | undefined): boolean {
  return joinType === 'Left' || joinType === 'Right' || joinType === 'Full';
}

function outerJoinClause(finding: Finding): Reason {
  return { id: 'outer-join-clause', subject: finding.text, message: 'an outer join is only sent when every one of its ON conditions can be' };
}

/** The expressions that a clause depends on, as the plan prints them. */
function textsOf(found: FoundQuery, finding: Finding, structural: readonly Reason[]): readonly string[] {
  const { node } = finding.at;
  switch (finding.kind) {
    case 'filter':
      return isScanFilter(finding) || structural.length === 0 ? [finding.printed ?? finding.text] : [];
    case 'join':
      return isScanFilter(finding) ? [finding.text] : node.joinConditions.flatMap((condition) => conjuncts(condition));
    case 'sort':
      return node.sortKeys.map(withoutDirection);
    case 'aggregate':
      // The aggregates of a HAVING need not be among its outputs.
      return [...new Set([...node.groupKeys, ...node.output, ...(node.filter === undefined ? [] : conjuncts(node.filter))].map(unwrap))];
    case 'update':
      return setExpressions(found);
    default:
      return [];
  }
}

/** `total DESC NULLS LAST`, `note USING ~<~`: the key itself. */
function withoutDirection(key: string): string {
  for (const suffix of [' NULLS FIRST', ' NULLS LAST']) if (key.endsWith(suffix)) return withoutDirection(key.slice(0, -suffix.length));
  return key.endsWith(' DESC') ? key.slice(0, -' DESC'.length) : key;
}

/** The relations that a clause's expressions are over; undefined where they are not all of one server. */
function groundOf(found: FoundQuery, finding: Finding, expressions: Expressions, structural: readonly Reason[], words: string | undefined): ExpressionGround | undefined {
  const { context } = found.plan;
  const all = finding.at.foreign.map((flow) => context.scan(flow));
  // The partitions of a table write the same columns, each on its own server.
  const scans = finding.kind === 'update' ? all.slice(0, 1) : all;
  const server = scans[0]?.server;
  if (server === undefined || scans.some((scan) => scan.server?.oid !== server.oid)) return undefined;
  const isLocal = isScanFilter(finding) || (finding.kind === 'join' && structural.length === 0);
  const byAlias = new Map<string, PlanRelation>();
  for (const relation of scans.flatMap((scan) => scan.relations)) byAlias.set(relation.alias, relation);
  const relations = [...byAlias.values()];
  const facts = relations.map((relation) => context.factsOf(relation)).filter((each) => each !== undefined);
  if (facts.length !== relations.length) return undefined;
  const { prober, parser } = expressions;
  return { prober, parser, versionNum: found.versionNum, server, relations, facts, isLocal, isKey: finding.kind === 'sort' || finding.kind === 'aggregate', isOutput: false, parameterTypes: typesOf(found), words: finding.kind === 'filter' || isScanFilter(finding) ? words : undefined, subPlanType: (name, column) => subPlanType(context, prober, name, column), masksAggregates: finding.kind === 'filter', columns: (wanted) => columnsOf(expressions, wanted) };
}

/** Of what a sub-plan gives, asked about over all relations of the plan: it may use those outside it, and no alias is there twice. */
async function subPlanType(context: PlanContext, prober: Prober, name: string, column: number): Promise<number | undefined> {
  const all = everyFlow(context.root);
  const output = outputOf(all, name, column);
  if (output === undefined) return undefined;
  const relations = all.flatMap((flow) => (flow.node.type === 'Foreign Scan' ? context.scan(flow).relations : flow.node.type === 'ModifyTable' ? [] : (flow.node.relation ?? [])));
  return prober.typeOf(output, [...new Map(relations.map((relation) => [relation.alias, relation])).values()]);
}

/** What a sub-plan computes; where it hands on what an InitPlan does, `max(x)`, what that one computes. */
function outputOf(all: readonly Flow[], name: string, column: number): string | undefined {
  const output = all.find(({ node }) => node.subplanName === name || node.subplanName?.startsWith(`${name} (`) === true)?.node.output[column];
  const inner = output === undefined ? undefined : all.find(({ node }) => isValueOf(node.subplanName ?? '', unwrap(output)));
  return inner?.node.output[0] ?? output;
}

/** Whether a text is nothing but the value of an InitPlan: `$1` of `InitPlan 2 (returns $1)`, from 17 on `(InitPlan 2).col1` of `InitPlan 2`. */
function isValueOf(subPlan: string, text: string): boolean {
  return subPlan.startsWith('InitPlan ') && (subPlan.endsWith(` (returns ${text})`) || text === `(${subPlan}).col1`);
}

/** Up to 16 the value of an InitPlan is printed as a parameter of the statement may be: then `$1` may be either. */
function typesOf({ parameterTypes, versionNum, plan }: FoundQuery): readonly string[] {
  const ambiguous = versionNum < 170000 && everyFlow(plan.context.root).some(({ node }) => node.relationship === 'InitPlan');
  return ambiguous ? [] : parameterTypes;
}

/** The columns of relations, read once per run. */
export async function columnsOf(expressions: Expressions, relations: readonly number[]): Promise<readonly ColumnFacts[]> {
  const missing = relations.filter((oid) => !expressions.columns.has(oid));
  if (missing.length > 0) {
    const read = await readColumns(expressions.prober, missing);
    for (const oid of missing) expressions.columns.set(oid, read.filter((column) => column.relation === oid));
  }
  return relations.flatMap((oid) => expressions.columns.get(oid) ?? []);
}
