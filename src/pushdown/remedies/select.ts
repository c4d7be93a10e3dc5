import type { Node, SelectStmt } from '../parser.ts';
import { isNode } from './tree.ts';

/** The AND-ed parts of a condition. */
export function conditionsOf(condition: Node | undefined): readonly Node[] {
  if (condition === undefined) return [];
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR') return (condition.BoolExpr.args ?? []).flatMap((arg) => conditionsOf(arg));
  return [condition];
}

/** Conditions as one. */
export function allOf(conditions: readonly Node[]): Node | undefined {
  const [only, ...more] = conditions;
  return more.length === 0 ? only : { BoolExpr: { boolop: 'AND_EXPR', args: [...conditions] } };
}

/** The names that the relations of a FROM list go by; undefined where it has anything but relations. */
export function fromNames(select: SelectStmt): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const item of select.fromClause ?? []) {
    if (!('RangeVar' in item)) return undefined;
    names.add(item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? '');
  }
  return names.size === 0 ? undefined : names;
}

/**
 * Whose columns an expression reads: only those of the named relations, only others, or both (or it is not said whose).
 * An expression without columns is `own`.
 */
export function ownColumn(node: Node, names: ReadonlySet<string>): 'own' | 'other' | 'mixed' {
  const found = new Set<'own' | 'other' | 'mixed'>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      if (key === 'SubLink') found.add('mixed');
      else if (key === 'ColumnRef') found.add(ownerOf(each, names));
      else visit(each);
    }
  };
  visit(node);
  const [only, ...more] = found;
  return more.length > 0 ? 'mixed' : (only ?? 'own');
}

function ownerOf(reference: unknown, names: ReadonlySet<string>): 'own' | 'other' | 'mixed' {
  const fields: unknown = typeof reference === 'object' && reference !== null && 'fields' in reference ? reference.fields : undefined;
  const parts = Array.isArray(fields) ? fields.flatMap((field: unknown) => stringField(field) ?? []) : [];
  const owner = parts.at(-2);
  if (owner === undefined) return 'mixed';
  return names.has(owner) ? 'own' : 'other';
}

function stringField(field: unknown): string | undefined {
  if (typeof field !== 'object' || field === null || !('String' in field)) return undefined;
  const string = field.String;
  return typeof string === 'object' && string !== null && 'sval' in string && typeof string.sval === 'string' ? string.sval : undefined;
}

/** The SELECT of a statement that is one, without set operations. */
export function plainSelect(root: Node): SelectStmt | undefined {
  if (!('SelectStmt' in root)) return undefined;
  const { SelectStmt: select } = root;
  return select.op === undefined || select.op === 'SETOP_NONE' ? select : undefined;
}

/** What a SELECT is made of. */
interface SelectParts {
  readonly targetList: Node[];
  readonly fromClause?: Node[] | undefined;
  readonly whereClause?: Node | undefined;
  readonly groupClause?: Node[] | undefined;
  readonly sortClause?: Node[] | undefined;
  readonly limitCount?: Node | undefined;
  readonly limitOffset?: Node | undefined;
}

/** A SELECT without set operations, of the clauses that there are. */
export function selectOf(parts: SelectParts): SelectStmt {
  const said = Object.fromEntries(Object.entries(parts).filter(([, part]: readonly [string, unknown]) => part !== undefined && !(Array.isArray(part) && part.length === 0)));
  return { ...said, limitOption: parts.limitCount === undefined ? 'LIMIT_OPTION_DEFAULT' : 'LIMIT_OPTION_COUNT', op: 'SETOP_NONE' };
}

/** A reference to a column. */
export function columnRef(owner: string, name: string): Node {
  return { ColumnRef: { fields: [{ String: { sval: owner } }, { String: { sval: name } }] } };
}

/** `left = right`. */
export function equality(lexpr: Node, rexpr: Node): Node {
  return { A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '=' } }], lexpr, rexpr } };
}

/** Names the only relation there is beside each column, sub-selects left alone. */
export function qualify(node: Node, owner: string): void {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'SubLink') continue;
    if ('ColumnRef' in node) {
      const fields = node.ColumnRef.fields ?? [];
      if (fields.length === 1) node.ColumnRef.fields = [{ String: { sval: owner } }, ...fields];
      continue;
    }
    qualifyWithin(value, owner);
  }
}

function qualifyWithin(value: unknown, owner: string): void {
  if (Array.isArray(value)) value.forEach((each) => { qualifyWithin(each, owner); });
  else if (isNode(value)) qualify(value, owner);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach((each) => { qualifyWithin(each, owner); });
}
