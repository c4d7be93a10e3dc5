import { type Edit, withEdits } from '../../base/edits.ts';
import type { Node, Parser } from '../parser.ts';
import { StatementText } from '../places/extent.ts';
import { ident } from '../../sql/quote.ts';
import { targetName } from './group-keys.ts';
import { laidOut } from './layout.ts';
import type { ExpressionRule, StatementRule, Surroundings } from './rule.ts';
import { isNode, walk } from './tree.ts';

/** A statement after a rule has been at it. */
export interface Rewritten {
  readonly sql: string;
  /** How its meaning changes, a sentence each. */
  readonly changes: readonly string[];
}

/**
 * Applies a rule wherever it fits. Expressions are replaced in the user's own text.
 *
 * @returns undefined where it fits nowhere
 */
export function applyExpressionRule(rule: ExpressionRule, on: Surroundings, sql: string): Rewritten | undefined {
  const root = on.parser.parse(sql)?.stmts?.[0]?.stmt;
  if (root === undefined) return undefined;
  const edits: Edit[] = [];
  const changes = new Set<string>();
  const text = new StatementText(on.parser, sql);
  walk(root, (site) => {
    const found = rule.rewrite(site, on);
    const extent = found === undefined ? undefined : text.expression(site.node);
    if (found === undefined || extent === undefined) return false;
    edits.push({ ...extent, text: typeof found.sql === 'string' ? found.sql : found.sql(sql.slice(extent.start, extent.end)) });
    if (found.changes !== undefined) changes.add(found.changes);
    return true;
  });
  if (edits.length === 0) return undefined;
  // What is assigned to several columns stands in the tree several times: of edits that overlap, one is made.
  const edited = withEdits(sql, edits);
  const renamed = namesLost(on.parser, root, edited).flatMap(({ node, name }): readonly Edit[] => {
    const extent = text.expression(node);
    return extent === undefined ? [] : [{ start: extent.end, end: extent.end, text: ` AS ${ident(name)}` }];
  });
  return { sql: renamed.length === 0 ? edited : withEdits(sql, [...edits, ...renamed]), changes: [...changes] };
}

/** The result columns that were named after what is no longer there. */
function namesLost(parser: Parser, root: Node, edited: string): readonly { readonly node: Node; readonly name: string }[] {
  const after = targetsOf(parser.parse(edited)?.stmts?.[0]?.stmt);
  return targetsOf(root).flatMap((target, index) => {
    const now = after[index];
    const name = targetName(target);
    const node = 'ResTarget' in target ? target.ResTarget.val : undefined;
    return name === undefined || node === undefined || now === undefined || targetName(now) === name ? [] : [{ node, name }];
  });
}

/** What a statement selects or returns; of set operations the first side, which names the columns. */
function targetsOf(root: Node | undefined): readonly Node[] {
  if (root === undefined) return [];
  if ('SelectStmt' in root) return root.SelectStmt.larg === undefined ? (root.SelectStmt.targetList ?? []) : targetsOf({ SelectStmt: root.SelectStmt.larg });
  const statement = 'UpdateStmt' in root ? root.UpdateStmt : 'DeleteStmt' in root ? root.DeleteStmt : undefined;
  return statement?.returningClause?.exprs ?? [];
}

/**
 * Applies a rule to the statement as a whole, and prints it anew.
 *
 * @returns undefined where it does not fit, or cannot be printed so that it reads as the same tree again
 */
export function applyStatementRule(rule: StatementRule, on: Surroundings, sql: string): Rewritten | undefined {
  const parsed: unknown = structuredClone(on.parser.parse(sql)?.stmts?.[0]?.stmt);
  if (!isNode(parsed)) return undefined;
  const found = rule.rewrite(parsed, on);
  const text = found === undefined ? undefined : printed(on.parser, parsed);
  return found === undefined || text === undefined ? undefined : { sql: text, changes: found.changes === undefined ? [] : [found.changes] };
}

/** A tree as text, checked by reading it again. */
function printed(parser: Parser, root: Node): string | undefined {
  const text = laidOut(parser.text(root));
  const again = parser.parse(text)?.stmts?.[0]?.stmt;
  return again !== undefined && withoutPlaces(again) === withoutPlaces(root) ? text : undefined;
}

/** A tree without its places, its fields in one order, for comparing. */
function withoutPlaces(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (places.has(key)) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

const places = new Set(['location', 'stmt_location', 'stmt_len', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end']);
