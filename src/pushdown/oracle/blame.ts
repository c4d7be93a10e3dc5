import { UnprintableNode } from '../parser.ts';
import type { Node, Parser } from '../parser.ts';
import type { RelationFacts, ServerFacts } from '../facts/relations.ts';
import type { PlanRelation } from '../plan/node.ts';
import { withoutInitPlans, withoutSubPlans, withSubSelects } from '../plan/sub-plans.ts';
import type { SubPlanUse } from '../plan/sub-plans.ts';
import type { Reason } from '../types.ts';
import type { ColumnFacts } from './catalog.ts';
import { culprits } from './culprits.ts';
import type { Question } from './culprits.ts';
import { aggregateReasons, columnCollationReasons, diagnose, orderKeys, valueCollationReasons } from './diagnose.ts';
import type { Ground } from './diagnose.ts';
import { contains, everyPart, isConstant, nameOf, operands, substitute } from './expression.ts';
import { unsupportedNode } from './node-types.ts';
import type { Prober } from './prober.ts';
import { parameterOf, withValues } from './sub-selects.ts';
import { withoutJson } from './unprintable.ts';

/** What an expression of a plan works on. */
export interface ExpressionGround {
  readonly prober: Prober;
  readonly parser: Parser;
  readonly versionNum: number;
  readonly server: ServerFacts;
  readonly relations: readonly PlanRelation[];
  /** Of the relations, in their order. */
  readonly facts: readonly RelationFacts[];
  /** The plan has shown that each expression stays here by itself: a Filter. */
  readonly isLocal: boolean;
  /** A key of ORDER BY or GROUP BY, which is compared with itself: an explicit COLLATE counts. */
  readonly isKey: boolean;
  /** An output of an aggregation: of it only the aggregates matter, the rest is computed on top of them. */
  readonly isOutput: boolean;
  /** Types of the statement's parameters, as SQL, that `$n` in the plan stands for. */
  readonly parameterTypes: readonly string[];
  /** What the user wrote for it, where it is one condition whose place is known. */
  readonly words: string | undefined;
  /** The OID of the type of a column of a sub-plan, by its name in the plan. */
  readonly subPlanType: (name: string, column: number) => Promise<number | undefined>;
  /** A HAVING: the aggregates in it are there already; what is done with them is in question. */
  readonly masksAggregates: boolean;
  /** Reads the columns of relations. */
  readonly columns: (relations: readonly number[]) => Promise<readonly ColumnFacts[]>;
}

/**
 * Why an expression, as the plan prints it, cannot be sent: all reasons that can be found.
 *
 * @returns no reasons where it can be sent, or nothing could be found out
 */
export async function blame(on: ExpressionGround, text: string): Promise<readonly Reason[]> {
  const { text: plain, uses } = withoutSubPlans(text);
  const root = on.parser.expression(withoutInitPlans(plain));
  if (uses.size === 0) return root === undefined ? [] : blameParts(on, root, uses);
  if (root === undefined || on.relations.length === 0) return [subSelect];
  // It is reason enough, so that what explains the whole when nothing in it does is not asked for.
  const reasons = await blameParts({ ...on, isLocal: false, isKey: false }, root, uses);
  return reasons.map((reason) => ({ ...reason, subject: withSubSelects(reason.subject), message: withSubSelects(reason.message) }));
}

const subSelect: Reason = { id: 'unsupported-expression', subject: 'a sub-select', message: 'a sub-select within an expression is not sent' };

const jsonExpression: Reason = { id: 'unsupported-expression', subject: 'a JSON expression', message: 'a JSON expression is not sent, whatever it works on' };

async function blameParts(on: ExpressionGround, root: Node, uses: ReadonlyMap<number, SubPlanUse>): Promise<readonly Reason[]> {
  if (on.relations.length === 0) return [];
  try {
    return await blameTree(on, root, uses);
  } catch (error) {
    if (!(error instanceof UnprintableNode)) throw error;
    // The planner cannot be asked about its parts; what is never sent can be seen.
    return unique([...(uses.size === 0 ? [] : [subSelect]), ...hiddenReasons(root, [], on.versionNum)]);
  }
}

async function blameTree(on: ExpressionGround, printed: Node, uses: ReadonlyMap<number, SubPlanUse>): Promise<readonly Reason[]> {
  const columns = await on.columns(on.facts.map((each) => each.oid));
  const question = questionFor(on, columns);
  const parameters = new Map<Node, Node>();
  const typed = withTypedParameters(on, printed, parameters);
  const json = withoutJson(on.parser, typed, parameters);
  const root = uses.size === 0 ? json.root : await withValues({ prober: on.prober, parser: on.parser, uses, words: on.words, typeOf: on.subPlanType, standIn: question.standIn }, json.root, parameters);
  const ground = { ...groundFor(on, columns, question), parameters };
  if (isConstant(root) && uses.size === 0) return diagnose(ground, { node: root, original: root });
  const reasons: Reason[] = [];
  let found = false;
  const asked = await split(on, ground, root, reasons);
  const isSubSelect = (part: Node): boolean => 'ParamRef' in part && uses.has(part.ParamRef.number ?? 0);
  if (uses.size > 0 && (!on.isOutput || asked.some((each) => contains(each, (part) => isSubSelect(parameters.get(part) ?? part))))) reasons.unshift(subSelect);
  if (asked.some((each) => contains(each, (part) => json.values.includes(part)))) reasons.push(jsonExpression);
  for (const expression of [...asked, ...json.within]) {
    const parts = await culprits(question, expression, parameters);
    for (const part of parts) reasons.push(...(await diagnose(ground, part)));
    if (parts.length > 0) reasons.push(...hiddenReasons(expression, parts.map((part) => part.node), on.versionNum));
    found ||= parts.length > 0;
  }
  // An equality at the top is relabelled by the planner (canonicalize_ec_expression); asked about within another expression it is not.
  if (!found && reasons.length === 0 && on.isLocal) reasons.push(...columnCollationReasons(ground, root));
  if (reasons.length === 0 && on.isLocal) reasons.push(...(await valueCollationReasons(ground, root)));
  // Of an output that is no aggregate nothing is in question.
  if (reasons.length === 0 && (on.isKey ? await isRelabelled(ground, root) : !on.isOutput || 'FuncCall' in root)) reasons.push(...(await relabelledReasons(ground, root)));
  for (const each of on.isOutput ? asked : []) if (reasons.length === 0) reasons.push(...(await relabelledReasons(ground, each)));
  if (reasons.length === 0 && on.isKey) reasons.push(...(await keyReasons(ground, root)));
  return unique(reasons);
}

/**
 * The statement's parameters as what the planner takes alike, a parameter of the same type: only then can the expression
 * be asked about. Kept apart from the values of InitPlans, which up to 16 are printed as `$0`, `$1` too.
 *
 * @param parameters gets the parameter that each stands for
 */
function withTypedParameters(on: ExpressionGround, root: Node, parameters: Map<Node, Node>): Node {
  const standIns = new Map<Node, Node>();
  for (const part of everyPart(root)) {
    const type = 'ParamRef' in part ? on.parameterTypes[(part.ParamRef.number ?? 0) - 1] : undefined;
    const standIn = type === undefined ? undefined : parameterOf(on.parser, type);
    if (standIn === undefined) continue;
    standIns.set(part, standIn);
    parameters.set(standIn, part);
  }
  return substitute(root, standIns);
}

/** A key is sent when it can be compared there: asked about by itself, its collation would not matter. */
async function keyReasons(ground: Ground, root: Node): Promise<readonly Reason[]> {
  const { prober, parser, relations, open } = ground.question;
  const compared: Node = { A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '<' } }], lexpr: root, rexpr: root } };
  if ((await prober.ask(parser.text(compared), relations, open)) !== 'stays') return [];
  return diagnose(ground, { node: compared, original: root });
}

/** An explicit COLLATE, of the expression or within it: `max(note COLLATE "C")`. */
async function relabelledReasons(ground: Ground, root: Node): Promise<readonly Reason[]> {
  for (const part of everyPart(root)) {
    if (!(await isRelabelled(ground, part))) continue;
    return [{ id: 'collation', subject: ground.question.parser.text(part), message: 'an explicit COLLATE does not come from a column of the foreign table' }];
  }
  return [];
}

/** A column cast to its own type: what the plan prints of a key with a COLLATE, which it does not print. */
async function isRelabelled(ground: Ground, root: Node): Promise<boolean> {
  if (!('TypeCast' in root) || root.TypeCast.arg === undefined) return false;
  const column = ground.column(root.TypeCast.arg);
  return column !== undefined && column.collation !== 0 && (await ground.question.prober.typeOf(ground.question.parser.text(root), ground.question.relations)) === column.type.oid;
}

/**
 * The expressions to ask about: the whole (a HAVING with columns instead of its aggregates), or the arguments of
 * the aggregates in it, whose own reasons are added.
 */
async function split(on: ExpressionGround, ground: Ground, root: Node, reasons: Reason[]): Promise<readonly Node[]> {
  const within: Node[] = [];
  const masks = new Map<Node, Node>();
  let aggregates = 0;
  for (const part of everyPart(root)) {
    const own = 'FuncCall' in part && part.FuncCall.over === undefined ? await aggregateReasons(ground, part) : undefined;
    if (own === undefined) continue;
    aggregates += 1;
    if (on.masksAggregates) {
      const type = await ground.question.prober.typeOf(on.parser.text(part), on.relations);
      const column = type === undefined ? undefined : ground.question.standIn(type);
      if (column === undefined) return [];
      masks.set(part, column);
      continue;
    }
    reasons.push(...own);
    within.push(...operands(part).map((operand) => operand.node), ...orderKeys(part));
  }
  if (masks.size > 0) return [substitute(root, masks)];
  return aggregates > 0 || on.isOutput ? within : [root];
}

/** The question's aids: a condition to ask beside, and columns to mask with. */
function questionFor(on: ExpressionGround, columns: readonly ColumnFacts[]): Question {
  const { prober, parser, relations } = on;
  const nullable = columns.find((column) => column.type.builtin && !column.notNull);
  const node = nullable === undefined ? undefined : columnNode(on, nullable);
  const ctid: Node = { ColumnRef: { fields: [{ String: { sval: relations[0]?.alias ?? '' } }, { String: { sval: 'ctid' } }] } };
  // IS NULL of a column that is NOT NULL is decided beforehand from 17 on; of the system columns, ctid can be sent.
  const open = node === undefined ? `${parser.text(ctid)} = '(0,0)'` : `${parser.text(node)} IS NULL`;
  return { prober, parser, relations, open, standIn: (type) => standIn(on, columns, type) };
}

/** A column of a type; one of another collation than the default would be a reason of its own. */
function standIn(on: ExpressionGround, columns: readonly ColumnFacts[], type: number): Node | undefined {
  const fitting = columns.filter((column) => column.type.oid === type && column.type.builtin && (column.collation === 0 || column.collation === defaultCollation));
  const found = fitting.find((column) => !column.notNull) ?? fitting[0];
  return found === undefined ? undefined : columnNode(on, found);
}

function columnNode(on: ExpressionGround, column: ColumnFacts): Node | undefined {
  const alias = on.relations[on.facts.findIndex((each) => each.oid === column.relation)]?.alias;
  return alias === undefined ? undefined : { ColumnRef: { fields: [{ String: { sval: alias } }, { String: { sval: column.name } }] } };
}

function groundFor(on: ExpressionGround, columns: readonly ColumnFacts[], question: Question): Omit<Ground, 'parameters'> {
  const column = (node: Node): ColumnFacts | undefined => {
    if (!('ColumnRef' in node)) return undefined;
    const { schema: alias, name } = nameOf(node.ColumnRef.fields);
    const relation = on.facts[on.relations.findIndex((each) => each.alias === alias)]?.oid;
    return columns.find((each) => each.name === name && (alias === undefined || each.relation === relation));
  };
  return {
    question,
    versionNum: on.versionNum,
    server: on.server.name,
    extensions: extensionList(on.server.extensions),
    column,
    textColumn: standIn(on, columns, textOid),
  };
}

/** pg_type.dat: the OID of text. */
const textOid = 25;

/** pg_collation.dat: the database's default collation. */
const defaultCollation = 100;

/** The option `extensions`: SQL identifiers, separated by commas (SplitIdentifierString folds what is not quoted). */
function extensionList(option: string | undefined): readonly string[] {
  return (option ?? '').split(',').map((each) => each.trim()).map((each) => (each.startsWith('"') ? each.slice(1, -1).replaceAll('""', '"') : each.toLowerCase()));
}

/**
 * Kinds of expression that are never sent, around a part that stays for a reason of its own: solving that one would
 * not be enough. Without parts: all such expressions.
 */
function hiddenReasons(root: Node, parts: readonly Node[], versionNum: number): readonly Reason[] {
  return everyPart(root).flatMap((node): readonly Reason[] => {
    const unsupported = parts.includes(node) ? undefined : unsupportedNode(node, versionNum);
    if (unsupported === undefined || unsupported.session) return [];
    if (parts.length > 0 && !everyPart(node).some((part) => parts.includes(part))) return [];
    return [{ id: 'unsupported-expression', subject: unsupported.name, message: `${unsupported.name} is not sent, whatever it works on` }];
  });
}

function unique(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter((reason, index) => reasons.findIndex((each) => each.id === reason.id && each.subject === reason.subject) === index);
}
