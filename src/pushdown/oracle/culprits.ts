import type { Node, Parser } from '../parser.ts';
import type { PlanRelation } from '../plan/node.ts';
import { contains, isConstant, operands, substitute } from './expression.ts';
import type { Prober } from './prober.ts';

/** What an expression is about, and what to ask with. */
export interface Question {
  readonly prober: Prober;
  readonly parser: Parser;
  readonly relations: readonly PlanRelation[];
  /** A condition that can be sent and that the planner cannot decide beforehand, as SQL. */
  readonly open: string;
  /** A column of a type (by OID) that can be sent, as a node; for masking. */
  readonly standIn: (type: number) => Node | undefined;
}

/** A part that keeps an expression here. */
export interface Culprit {
  /** As it was asked about: parts of it may be masked by columns of the same type. */
  readonly node: Node;
  /** As it stands in the expression. */
  readonly original: Node;
}

/** How many questions one expression is worth; each is an EXPLAIN. */
const mostQuestions = 300;

/** How often what was found is masked to look for more behind it. */
const rounds = 4;

/**
 * The smallest parts of an expression that keep it here: each stays, while none of its operands does. What
 * was found is then replaced by a column of the same type, and the search goes on for what it hid.
 *
 * @param standIns parts that stand for others already, by what they stand for
 * @returns empty where the whole can be sent, or nothing could be found out
 */
export async function culprits(question: Question, root: Node, standIns: ReadonlyMap<Node, Node> = new Map()): Promise<readonly Culprit[]> {
  const found: Culprit[] = [];
  const masked = new Map(standIns);
  const budget = { left: mostQuestions };
  const settled = new Set<Node>();
  let expression = root;
  for (let round = 0; round < rounds; round += 1) {
    const smallest = await search(question, expression, round === 0, budget, settled, standIns);
    if (smallest.length === 0) break;
    found.push(...smallest.map((node) => ({ node, original: unmask(node, masked) })));
    const masks = await masksOf(question, smallest.filter((part) => part !== expression));
    if (masks.size === 0) break;
    for (const [part, mask] of masks) masked.set(mask, part);
    // What cannot be masked would only be found again.
    for (const part of smallest) if (!masks.has(part)) settled.add(part);
    expression = substitute(expression, masks);
  }
  return found;
}

/** With what the masks stand for, which may hold masks of an earlier round. */
function unmask(node: Node, masked: ReadonlyMap<Node, Node>): Node {
  let result = node;
  for (let round = 0; round < rounds; round += 1) result = substitute(result, masked);
  return result;
}

/**
 * @param settled parts that are known to stay, and are in the way of asking about what they are part of
 * @param standIns parts that are only to be asked about as a whole
 */
async function search(question: Question, node: Node, top: boolean, budget: { left: number }, settled: ReadonlySet<Node>, standIns: ReadonlyMap<Node, Node>): Promise<readonly Node[]> {
  if (settled.has(node)) return [];
  // A literal has no type of its own and is never sent by itself; a parameter is always sent.
  if (isConstant(node) || 'ParamRef' in node) return [];
  if (!hasParameter(node)) {
    if (budget.left <= 0) return [];
    budget.left -= 1;
    const answer = await question.prober.ask(question.parser.text(node), question.relations, question.open);
    // The plan has shown that the whole stays, even where its text is not taken as it is printed.
    if (answer === 'ships' || (answer === 'unknown' && !top)) return [];
  }
  const within: Node[] = [];
  if (!standIns.has(node)) for (const part of operands(node)) within.push(...(await search(question, part.node, false, budget, settled, standIns)));
  // With questions left unasked it would not be known to be the smallest.
  if (within.length > 0) return within;
  return budget.left > 0 && !contains(node, (part) => settled.has(part)) ? [node] : [];
}

/** A parameter's type is not known here, so an expression with one cannot be asked about as a whole. */
function hasParameter(node: Node): boolean {
  return contains(node, (part) => 'ParamRef' in part);
}

/** For each part that has one, a column of the same type. */
async function masksOf(question: Question, parts: readonly Node[]): Promise<ReadonlyMap<Node, Node>> {
  const masks = new Map<Node, Node>();
  for (const part of parts) {
    const type = await question.prober.typeOf(question.parser.text(part), question.relations);
    const column = type === undefined ? undefined : question.standIn(type);
    if (column !== undefined) masks.set(part, column);
  }
  return masks;
}
