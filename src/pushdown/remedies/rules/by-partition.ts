import type { QualifiedName } from '../../../model/name.ts';
import { nameOf } from '../../oracle/expression.ts';
import type { Node, SelectStmt } from '../../parser.ts';
import { builtinAggregate, replaced, somePart } from '../aggregates.ts';
import { keysOfGroups, soleName, targetName } from '../group-keys.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { columnRef, plainSelect, selectOf } from '../select.ts';
import { isConstant } from './limits.ts';

/** So many partitions at most are named one by one. */
const mostPartitions = 16;

const changes = 'each partition is named, so a new one has to be added here too; reading them takes privileges on the partitions themselves';

/** A LIMIT over a partitioned table with the limit on each partition as well. */
export const limitByPartition: StatementRule = {
  kind: 'statement',
  cures: ['limit-over-append'],
  title: 'limit each partition, and then the whole',
  rewrite: (root, on) => {
    const found = overPartitions(root, on);
    if (found === undefined || found.partitions.length < 2 || !('SelectStmt' in root) || !isConstant(found.select.limitCount)) return undefined;
    const { select, alias, partitions } = found;
    const { limitCount, limitOffset, sortClause = [] } = select;
    if ((select.groupClause ?? select.havingClause ?? select.distinctClause) !== undefined || (limitOffset !== undefined && !isConstant(limitOffset)) || !on.isPlain({ List: { items: select.targetList ?? [] } })) return undefined;
    const targets = withoutStar(select.targetList ?? [], found, on);
    if (targets === undefined || !targets.every(({ name }, index) => targets.findIndex((each) => each.name === name) === index)) return undefined;
    const inner = targets.map(({ name, val }): Node => ({ ResTarget: { name, val } }));
    const sorts = sortClause.map((key): Node | undefined => {
      if (!('SortBy' in key) || key.SortBy.node === undefined) return undefined;
      const name = outputOf(key.SortBy.node, targets, on) ?? `sort_${inner.length + 1}`;
      if (!inner.some((target) => 'ResTarget' in target && target.ResTarget.name === name)) inner.push({ ResTarget: { name, val: key.SortBy.node } });
      return { SortBy: { ...key.SortBy, node: columnRef(alias, name) } };
    });
    if (!sorts.every((key) => key !== undefined)) return undefined;
    const most = numberOf(limitCount) + numberOf(limitOffset);
    const side = selectOf({ targetList: inner.map((target) => unnamed(target)), whereClause: select.whereClause, sortClause, limitCount: { A_Const: { ival: { ival: most } } } });
    root.SelectStmt = selectOf({
      targetList: targets.map(({ name }): Node => ({ ResTarget: { val: columnRef(alias, name) } })),
      fromClause: [unionOf(side, partitions, alias)],
      sortClause: sorts,
      limitCount,
      limitOffset,
    });
    return { changes };
  },
};

/** An aggregation over a partitioned table by partition, its results put together here. */
export const aggregateByPartition: StatementRule = {
  kind: 'statement',
  cures: ['partial-aggregate'],
  title: 'aggregate each partition, and put the results together here',
  rewrite: (root, on) => {
    const found = overPartitions(root, on);
    if (found === undefined || found.partitions.length < 2 || !('SelectStmt' in root) || found.select.distinctClause !== undefined) return undefined;
    const { select, alias, partitions } = found;
    const groups = select.groupClause?.some((key) => 'GroupingSet' in key) === true ? undefined : keysOfGroups(select, on);
    if (groups === undefined) return undefined;
    const columns: { readonly name: string; readonly val: Node }[] = [];
    const columnFor = (val: Node, wanted: string): Node => {
      const text = on.parser.text(val);
      const known = columns.find((each) => on.parser.text(each.val) === text);
      const name = known?.name ?? freeName(wanted, columns);
      if (known === undefined) columns.push({ name, val });
      return columnRef(alias, name);
    };
    const keys = new Map(groups.map((key, index) => [on.parser.text(key), columnFor(key, nameOfKey(key) ?? `key_${index + 1}`)]));
    let isKnown = true;
    const together = (node: Node): Node =>
      replaced(node, (part) => {
        const name = builtinAggregate(part, on);
        if (name !== undefined && 'FuncCall' in part) {
          const whole = combined(part, name, columnFor, on);
          if (whole === undefined) isKnown = false;
          return whole ?? part;
        }
        return 'ResTarget' in part || 'SortBy' in part ? undefined : keys.get(textOf(part, on));
      });
    const targetList = (select.targetList ?? []).map((target): Node => {
      const name = targetName(target);
      return 'ResTarget' in target && target.ResTarget.val !== undefined ? unnamed({ ResTarget: { ...target.ResTarget, ...(name !== undefined && { name }), val: together(target.ResTarget.val) } }) : target;
    });
    const names = new Set(targetList.flatMap((target) => targetName(target) ?? []));
    const havingClause = select.havingClause === undefined ? undefined : together(select.havingClause);
    const sortClause = select.sortClause?.map((key) => ('SortBy' in key && key.SortBy.node !== undefined && !isOutput(key.SortBy.node, names) ? { SortBy: { ...key.SortBy, node: together(key.SortBy.node) } } : key));
    // Whatever else reads a column of the table has no place outside.
    const isForeign = (node: Node): boolean => 'ColumnRef' in node && nameOf(node.ColumnRef.fields).schema !== alias && !names.has(soleName(node) ?? '');
    if (!isKnown || columns.length === groups.length || somePart([targetList, havingClause, sortClause], isForeign) || somePart(targetList, (node) => 'ColumnRef' in node && soleName(node) !== undefined)) return undefined;
    const side = selectOf({
      targetList: columns.map(({ name, val }) => unnamed({ ResTarget: { name, val } })),
      whereClause: select.whereClause,
      groupClause: groups.map((_, index): Node => ({ A_Const: { ival: { ival: index + 1 } } })),
    });
    const isFloat = somePart([select.targetList, select.havingClause, select.sortClause], (node) => ['sum', 'avg'].includes(builtinAggregate(node, on) ?? '') && 'FuncCall' in node && ['real', 'double precision'].includes(on.typeOf(node.FuncCall.args?.[0] ?? node) ?? ''));
    const { whereClause: _, groupClause: __, havingClause: ___, sortClause: ____, ...rest } = select;
    root.SelectStmt = {
      ...rest,
      targetList,
      fromClause: [unionOf(side, partitions, alias)],
      ...(groups.length > 0 && { groupClause: [...keys.values()] }),
      ...(havingClause !== undefined && { havingClause }),
      ...(sortClause !== undefined && { sortClause }),
    };
    return { changes: isFloat ? `${changes}; sums of floating-point numbers are added in another order, and may differ in their last digits` : changes };
  },
};

/** The only partition that a statement reads, in place of its table. */
export const onlyPartition: StatementRule = {
  kind: 'statement',
  cures: ['partial-aggregate', 'partitionwise-off', 'limit-over-append'],
  title: 'name the only partition that is read',
  rewrite: (root, on) => {
    const found = overPartitions(root, on);
    const [only, ...more] = found?.partitions ?? [];
    if (found === undefined || only === undefined || more.length > 0) return undefined;
    found.select.fromClause = [partitionItem(only, found.alias)];
    return { changes: 'with another condition it may be another partition; reading it takes privileges on the partition itself' };
  },
};

interface OverPartitions {
  readonly select: SelectStmt;
  readonly alias: string;
  readonly table: { readonly schema: string | undefined; readonly name: string };
  readonly partitions: readonly QualifiedName[];
}

/** A plain SELECT over nothing but one partitioned table. */
function overPartitions(root: Node, on: Surroundings): OverPartitions | undefined {
  const select = plainSelect(root);
  const [item, ...more] = select?.fromClause ?? [];
  if (select === undefined || item === undefined || more.length > 0 || !('RangeVar' in item) || !on.isStable(root)) return undefined;
  if ((select.withClause ?? select.windowClause ?? select.lockingClause) !== undefined || select.limitOption === 'LIMIT_OPTION_WITH_TIES' || somePart([select.targetList, select.groupClause, select.havingClause, select.sortClause], (node) => 'SubLink' in node || ('FuncCall' in node && node.FuncCall.over !== undefined))) return undefined;
  const { schemaname: schema, relname: name = '', alias } = item.RangeVar;
  const partitions = on.partitionsOf(schema, name);
  if (partitions.length === 0 || partitions.length > mostPartitions) return undefined;
  return { select, alias: alias?.aliasname ?? name, table: { schema, name }, partitions };
}

/** The same SELECT over each partition, one after the other. */
function unionOf(side: SelectStmt, partitions: readonly QualifiedName[], alias: string): Node {
  const sides = partitions.map((partition): SelectStmt => ({ ...structuredClone(side), fromClause: [partitionItem(partition, alias)] }));
  const whole = sides.reduce((larg, rarg): SelectStmt => ({ op: 'SETOP_UNION', all: true, larg, rarg, limitOption: 'LIMIT_OPTION_DEFAULT' }));
  return { RangeSubselect: { subquery: { SelectStmt: whole }, alias: { aliasname: alias } } };
}

function partitionItem({ schema, name }: QualifiedName, alias: string): Node {
  return { RangeVar: { schemaname: schema, relname: name, inh: true, relpersistence: 'p', alias: { aliasname: alias } } };
}

/** The result columns with their names, a star written out; undefined where one has no name. */
function withoutStar(targets: readonly Node[], { table, alias }: OverPartitions, on: Surroundings): readonly { readonly name: string; readonly val: Node }[] | undefined {
  const named = targets.flatMap((target): readonly ({ readonly name: string; readonly val: Node } | undefined)[] => {
    if (!('ResTarget' in target) || target.ResTarget.val === undefined) return [undefined];
    const { val } = target.ResTarget;
    const [last] = 'ColumnRef' in val ? (val.ColumnRef.fields ?? []).slice(-1) : [];
    if (last !== undefined && 'A_Star' in last) return on.columnNames(table.schema, table.name).map((name) => ({ name, val: columnRef(alias, name) }));
    const name = targetName(target);
    return [name === undefined ? undefined : { name, val }];
  });
  return named.every((each) => each !== undefined) ? named : undefined;
}

/** The result column that a key of ORDER BY stands for. */
function outputOf(key: Node, targets: readonly { readonly name: string; readonly val: Node }[], on: Surroundings): string | undefined {
  const position = 'A_Const' in key ? key.A_Const.ival?.ival : undefined;
  if (position !== undefined) return targets[position - 1]?.name;
  const name = soleName(key);
  const text = on.parser.text(key);
  return targets.find((each) => each.name === name || on.parser.text(each.val) === text)?.name;
}

function isOutput(node: Node, names: ReadonlySet<string>): boolean {
  return 'A_Const' in node || names.has(soleName(node) ?? '');
}

/** Aggregates of which one over the results of the parts is that of the whole. */
const ofItself = new Set(['min', 'max', 'bool_and', 'bool_or', 'every', 'bit_and', 'bit_or', 'sum']);

function combined(part: Extract<Node, { FuncCall: unknown }>, name: string, columnFor: (val: Node, wanted: string) => Node, on: Surroundings): Node | undefined {
  const { agg_distinct: distinct, agg_order: order, args = [] } = part.FuncCall;
  if (distinct === true || order !== undefined) return undefined;
  const [arg] = args;
  const type = arg === undefined ? undefined : on.typeOf(arg);
  if (name === 'count') return castTo('bigint', call('sum', columnFor(part, 'count')), on);
  if ((name === 'sum' || name === 'avg') && type === undefined) return undefined;
  if (ofItself.has(name)) {
    const whole = call(name, columnFor(part, name));
    // A sum of sums is wider than a sum: as it was before.
    return name === 'sum' && ['integer', 'smallint'].includes(type ?? '') ? castTo('bigint', whole, on) : whole;
  }
  // An average of real is computed in double precision, its sum is not.
  if (name !== 'avg' || type === 'real') return undefined;
  const of = (other: string): Node => ({ FuncCall: { ...part.FuncCall, funcname: [{ String: { sval: other } }] } });
  const number: Node = { A_Expr: { kind: 'AEXPR_NULLIF', name: [{ String: { sval: '=' } }], lexpr: call('sum', columnFor(of('count'), 'count')), rexpr: { A_Const: { ival: {} } } } };
  return { A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '/' } }], lexpr: call('sum', columnFor(of('sum'), 'sum')), rexpr: number } };
}

function call(name: string, arg: Node): Node {
  return { FuncCall: { funcname: [{ String: { sval: name } }], args: [arg], funcformat: 'COERCE_EXPLICIT_CALL' } };
}

function castTo(type: string, arg: Node, { parser }: Surroundings): Node {
  const cast = parser.expression(`NULL::${type}`);
  return cast !== undefined && 'TypeCast' in cast ? { TypeCast: { ...cast.TypeCast, arg } } : arg;
}

function nameOfKey(key: Node): string | undefined {
  return targetName({ ResTarget: { val: key } });
}

function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.some((each) => each.name === name)) return name;
  }
}

/** Without a name that it has anyway. */
function unnamed(target: Node): Node {
  if (!('ResTarget' in target) || target.ResTarget.val === undefined) return target;
  const { name, val } = target.ResTarget;
  return targetName({ ResTarget: { val } }) === name ? { ResTarget: { val } } : target;
}

function numberOf(node: Node | undefined): number {
  return node !== undefined && 'A_Const' in node ? (node.A_Const.ival?.ival ?? 0) : 0;
}

/** A part as text; what is no expression has none. */
function textOf(part: Node, { parser }: Surroundings): string {
  return 'ColumnRef' in part || 'FuncCall' in part || 'A_Expr' in part || 'TypeCast' in part || 'A_Indirection' in part || 'CaseExpr' in part || 'CoalesceExpr' in part ? parser.text(part) : '';
}
