import type { Node, Parser, SelectStmt } from '../parser.ts';
import { tokens } from '../queries/lexer.ts';
import { everyPart, nameOf } from '../oracle/expression.ts';
import { conjuncts } from './conjuncts.ts';

/** What a Remote SQL does beyond fetching columns; expressions as SQL. */
export interface RemoteWork {
  readonly statement: 'select' | 'insert' | 'update' | 'delete';
  /** The AND-ed conditions of WHERE, sub-selects' included. */
  readonly filters: readonly string[];
  /** Those of them whose trees are at hand. */
  readonly trees: ReadonlyMap<string, Node>;
  readonly having: readonly string[];
  readonly groups: boolean;
  readonly sortKeys: readonly string[];
  readonly sortNodes: readonly Node[];
  readonly limit: string | undefined;
  /** `FOR UPDATE`, `FOR SHARE`. */
  readonly lock: string | undefined;
  /** A join whose condition is missing: the remote would pair every row with every row. */
  readonly crossProduct: boolean;
  /** UPDATE … FROM, DELETE … USING, JOIN or EXISTS. */
  readonly joins: boolean;
  /** `WHERE ctid = $1`: one row a time. */
  readonly byCtid: boolean;
}

/**
 * Reads a Remote SQL with PostgreSQL's parser.
 *
 * @returns undefined where it cannot be read (another wrapper's language)
 */
export function readRemoteSql(parser: Parser, sql: string): RemoteWork | undefined {
  const statement = parser.parse(sql)?.stmts?.[0]?.stmt;
  if (statement === undefined) return undefined;
  const found = ofStatement(parser, statement);
  if (found === undefined) return undefined;
  const { conditions: parsed, ...work } = found;
  // As the plan prints them, rather than as the tree would be printed.
  const texts = sections(sql);
  const filters = conditions(texts.get('WHERE'));
  return {
    ...work,
    trees: new Map(filters.length === parsed.length ? filters.flatMap((text, index) => (parsed[index] === undefined ? [] : [[text, parsed[index]] as const])) : []),
    filters: filters.length >= parsed.length ? filters : parsed.map((part) => parser.text(part)),
    having: conditions(texts.get('HAVING')),
    limit: ['LIMIT', 'OFFSET'].flatMap((word) => (texts.has(word) ? [`${word} ${texts.get(word) ?? ''}`] : [])).join(' ') || undefined,
  };
}

/** What the tree says; its conditions are printed only where the text does not show them. */
interface ParsedWork extends Omit<RemoteWork, 'filters' | 'trees' | 'having' | 'limit'> {
  readonly conditions: readonly Node[];
}

function ofStatement(parser: Parser, statement: Node): ParsedWork | undefined {
  if ('SelectStmt' in statement) return ofSelect(parser, statement.SelectStmt);
  if ('InsertStmt' in statement) return { ...nothing, statement: 'insert' };
  if ('UpdateStmt' in statement) return ofWrite('update', statement.UpdateStmt.whereClause, statement.UpdateStmt.fromClause);
  if ('DeleteStmt' in statement) return ofWrite('delete', statement.DeleteStmt.whereClause, statement.DeleteStmt.usingClause);
  return undefined;
}

/** The words that start a section of a Remote SQL after its FROM or SET. */
const sectionWords = new Set(['WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'FOR', 'RETURNING']);

/** The outermost sections of a Remote SQL, as written, by their first word. */
function sections(sql: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let depth = 0;
  let open: { readonly word: string; readonly start: number } | undefined;
  const close = (end: number): void => {
    if (open !== undefined) found.set(open.word, sql.slice(open.start, end).trim());
  };
  for (const token of tokens(sql)) {
    if (token.kind === 'open') depth += 1;
    else if (token.kind === 'close') depth -= 1;
    const word = token.kind === 'word' && depth === 0 ? sql.slice(token.start, token.end) : '';
    if (!sectionWords.has(word)) continue;
    close(token.start);
    open = { word, start: token.end };
  }
  close(sql.length);
  return found;
}

function conditions(text: string | undefined): readonly string[] {
  return text === undefined ? [] : conjuncts(text);
}

const nothing: ParsedWork = {
  statement: 'select',
  conditions: [],
  groups: false,
  sortKeys: [],
  sortNodes: [],
  lock: undefined,
  crossProduct: false,
  joins: false,
  byCtid: false,
};

function ofSelect(parser: Parser, select: SelectStmt): ParsedWork {
  const from = (select.fromClause ?? []).map((item) => ofFromItem(parser, item));
  const where = andParts(select.whereClause);
  const exists = where.some((part) => 'SubLink' in part);
  return {
    statement: 'select',
    conditions: [...where, ...from.flatMap((item) => item.conditions)],
    groups: (select.groupClause ?? []).length > 0,
    sortKeys: (select.sortClause ?? []).map((key) => parser.text(key)),
    sortNodes: select.sortClause ?? [],
    lock: lockOf(select),
    crossProduct: from.some((item) => item.crossProduct) && !where.some(isAcross),
    joins: exists || from.some((item) => item.joins),
    byCtid: false,
  };
}

function lockOf(select: SelectStmt): string | undefined {
  for (const item of select.lockingClause ?? []) {
    if ('LockingClause' in item) return item.LockingClause.strength === 'LCS_FORUPDATE' ? 'FOR UPDATE' : 'FOR SHARE';
  }
  return undefined;
}

type FromItem = Pick<ParsedWork, 'joins' | 'crossProduct' | 'conditions'>;

const plainTable: FromItem = { joins: false, crossProduct: false, conditions: [] };

function ofFromItem(parser: Parser, item: Node): FromItem {
  if ('JoinExpr' in item) {
    const { larg, rarg, quals } = item.JoinExpr;
    const sides = [larg, rarg].map((side) => (side === undefined ? plainTable : ofFromItem(parser, side)));
    return {
      joins: true,
      crossProduct: !andParts(quals).some(isAcross) || sides.some((side) => side.crossProduct),
      // Conditions on one side of an inner join are written beside its own.
      conditions: [...sides.flatMap((side) => side.conditions), ...(item.JoinExpr.jointype === 'JOIN_INNER' ? andParts(quals).filter((part) => !isAcross(part) && !isTrue(part)) : [])],
    };
  }
  // FULL JOIN with conditions on its sides: each side is a sub-select of its own (deparseRangeTblRef).
  if ('RangeSubselect' in item && item.RangeSubselect.subquery !== undefined && 'SelectStmt' in item.RangeSubselect.subquery) {
    return ofSelect(parser, item.RangeSubselect.subquery.SelectStmt);
  }
  return plainTable;
}

function isTrue(condition: Node): boolean {
  return 'A_Const' in condition && condition.A_Const.boolval?.boolval === true;
}

/** Whether a condition is over columns of several relations; of a sub-select it may be. `ON (TRUE)` stands where a join has none. */
function isAcross(condition: Node): boolean {
  const parts = everyPart(condition);
  return parts.some((part) => 'SubLink' in part) || new Set(parts.flatMap((part) => ('ColumnRef' in part ? [nameOf(part.ColumnRef.fields).schema] : []))).size > 1;
}

function ofWrite(statement: 'update' | 'delete', where: Node | undefined, from: readonly Node[] | undefined): ParsedWork {
  const parts = andParts(where);
  return {
    ...nothing,
    statement,
    conditions: parts,
    joins: (from ?? []).length > 0,
    byCtid: parts.length === 1 && parts.some(isCtidParameter),
  };
}

function isCtidParameter(part: Node): boolean {
  if (!('A_Expr' in part)) return false;
  const { lexpr, rexpr } = part.A_Expr;
  if (lexpr === undefined || rexpr === undefined || !('ColumnRef' in lexpr) || !('ParamRef' in rexpr)) return false;
  const field = lexpr.ColumnRef.fields?.at(-1);
  return field !== undefined && 'String' in field && field.String.sval === 'ctid';
}

/** The AND-ed parts of a condition. */
function andParts(condition: Node | undefined): readonly Node[] {
  if (condition === undefined) return [];
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR') return (condition.BoolExpr.args ?? []).flatMap((arg) => andParts(arg));
  return [condition];
}
