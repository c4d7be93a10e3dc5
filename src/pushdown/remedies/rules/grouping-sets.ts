import type { Node, SelectStmt } from '../../parser.ts';
import { replaced, somePart } from '../aggregates.ts';
import { groupKey, soleName, targetName } from '../group-keys.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { plainSelect } from '../select.ts';

/** So many GROUP BYs at most are written for one statement. */
const mostSets = 16;

/** GROUPING SETS, ROLLUP and CUBE as a UNION ALL of the plain GROUP BYs that they stand for: the same rows. */
export const groupingSetsAsUnion: StatementRule = {
  kind: 'statement',
  cures: ['grouping-sets'],
  title: 'write each grouping by itself, and UNION ALL between them',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    if (select?.groupClause === undefined || !('SelectStmt' in root) || !on.isStable(root)) return undefined;
    // A window would have the rows of one grouping only.
    if (somePart([select.targetList, select.sortClause], (node) => 'FuncCall' in node && node.FuncCall.over !== undefined)) return undefined;
    const other = select.distinctClause ?? select.windowClause ?? select.lockingClause ?? select.withClause;
    const sets = setsOf(select, on);
    const [first, ...more] = sets ?? [];
    if (other !== undefined || first === undefined || more.length === 0 || select.groupDistinct === true) return undefined;
    // Without a key and without an aggregate there would be a row for each row.
    if (!somePart([select.targetList, select.havingClause], (node) => isAggregate(node, on))) return undefined;
    const names = new Set((select.targetList ?? []).flatMap((target) => targetName(target) ?? []));
    const { sortClause, limitCount, limitOffset, limitOption, ...body } = select;
    if (!(sortClause ?? []).every((key) => 'SortBy' in key && key.SortBy.node !== undefined && isOutput(key.SortBy.node, names))) return undefined;
    const keys = distinctKeys([first, ...more].flat(), on);
    const sides = [first, ...more].map((set) => side(body, set, keys, on));
    const whole = sides.reduce((larg, rarg): SelectStmt => ({ op: 'SETOP_UNION', all: true, larg, rarg, limitOption: 'LIMIT_OPTION_DEFAULT' }));
    root.SelectStmt = {
      ...whole,
      ...(sortClause !== undefined && { sortClause }),
      ...(limitCount !== undefined && { limitCount }),
      ...(limitOffset !== undefined && { limitOffset }),
      ...(limitOption !== undefined && { limitOption }),
    };
    return {};
  },
};

/** A position or the name of a result column: all that ORDER BY may name above a UNION. */
function isOutput(node: Node, names: ReadonlySet<string>): boolean {
  return ('A_Const' in node && node.A_Const.ival !== undefined) || names.has(soleName(node) ?? '');
}

/** The groupings that a GROUP BY stands for, the finest first; undefined where there are too many, or none but one. */
function setsOf(select: SelectStmt, on: Surroundings): readonly (readonly Node[])[] | undefined {
  let sets: readonly (readonly Node[])[] = [[]];
  for (const element of select.groupClause ?? []) {
    const own = setsWithin(element, (key) => groupKey(select, key, on));
    sets = sets.flatMap((set) => own.map((each) => [...set, ...each]));
    if (sets.length > mostSets) return undefined;
  }
  return sets.map((set) => distinctKeys(set, on)).sort((a, b) => b.length - a.length);
}

function setsWithin(element: Node, resolve: (key: Node) => Node): readonly (readonly Node[])[] {
  if (!('GroupingSet' in element)) return [membersOf(element).map(resolve)];
  const content = element.GroupingSet.content ?? [];
  const members = (): readonly (readonly Node[])[] => content.map((each) => membersOf(each).map(resolve));
  switch (element.GroupingSet.kind) {
    case 'GROUPING_SET_ROLLUP':
      return [...content.map((_, index) => members().slice(0, content.length - index).flat()), []];
    case 'GROUPING_SET_CUBE':
      return members().reduce<readonly (readonly Node[])[]>((sets, member) => sets.flatMap((set) => [[...set, ...member], set]), [[]]);
    case 'GROUPING_SET_SETS':
      return content.flatMap((each) => setsWithin(each, resolve));
    default:
      return [[]];
  }
}

/** `(a, b)` stands for both together. */
function membersOf(node: Node): readonly Node[] {
  return 'RowExpr' in node ? (node.RowExpr.args ?? []) : [node];
}

function distinctKeys(keys: readonly Node[], { parser }: Surroundings): readonly Node[] {
  return [...new Map(keys.map((key) => [parser.text(key), key])).values()];
}

/** One grouping: the keys that it does not have are NULL. */
function side(body: SelectStmt, set: readonly Node[], keys: readonly Node[], on: Surroundings): SelectStmt {
  const { parser } = on;
  const texts = new Set(set.map((key) => parser.text(key)));
  const absent = new Map(keys.map((key) => [parser.text(key), key] as const).filter(([text]) => !texts.has(text)));
  const within = (node: Node): Node =>
    replaced(node, (part) => {
      if ('GroupingFunc' in part) return { A_Const: { ival: bitsOf(part.GroupingFunc.args ?? [], absent, on) } };
      // What an aggregate works on is still there.
      if (isAggregate(part, on)) return part;
      const text = isExpression(part) ? parser.text(part) : undefined;
      // A key is what it is as a whole, whatever becomes of the columns in it.
      if (text === undefined || texts.has(text)) return text === undefined ? undefined : part;
      const key = absent.get(text);
      return key === undefined ? undefined : nullLike(key, on);
    });
  const targetList = (body.targetList ?? []).map((target): Node => {
    if (!('ResTarget' in target) || target.ResTarget.val === undefined) return target;
    const name = targetName(target);
    const val = within(target.ResTarget.val);
    return { ResTarget: { ...target.ResTarget, ...(name !== undefined && targetName({ ResTarget: { val } }) !== name && { name }), val } };
  });
  const { groupClause: _, havingClause, ...rest } = body;
  return { ...rest, limitOption: 'LIMIT_OPTION_DEFAULT', targetList, ...(set.length > 0 && { groupClause: [...set] }), ...(havingClause !== undefined && { havingClause: within(havingClause) }) };
}

/** GROUPING(a, b): a bit for each argument, the last one lowest, set where it is not among the keys. */
function bitsOf(args: readonly Node[], absent: ReadonlyMap<string, Node>, { parser }: Surroundings): { ival?: number } {
  const bits = args.reduce((sum, arg) => sum * 2 + (absent.has(parser.text(arg)) ? 1 : 0), 0);
  return bits === 0 ? {} : { ival: bits };
}

/** Of the key's type to the typmod, as UNION ALL keeps one only where all sides have it. */
function nullLike(key: Node, { parser, typeOf, declaredOf }: Surroundings): Node {
  const type = declaredOf(key) ?? typeOf(key);
  return (type === undefined ? undefined : parser.expression(`NULL::${type}`)) ?? { A_Const: { isnull: true } };
}

function isAggregate(node: Node, on: Surroundings): boolean {
  return 'FuncCall' in node && !on.isPlain({ FuncCall: { funcname: node.FuncCall.funcname ?? [] } });
}

function isExpression(node: Node): boolean {
  return 'ColumnRef' in node || 'FuncCall' in node || 'A_Expr' in node || 'TypeCast' in node || 'A_Indirection' in node || 'CaseExpr' in node || 'CoalesceExpr' in node || 'BoolExpr' in node || 'NullTest' in node;
}
