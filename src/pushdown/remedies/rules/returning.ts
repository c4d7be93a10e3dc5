import { nameOf } from '../../oracle/expression.ts';
import type { Node } from '../../parser.ts';
import { replaceWithin, somePart } from '../aggregates.ts';
import type { StatementRule } from '../rule.ts';

/** `RETURNING old.a, new.b` (18) as `RETURNING b`: a plain column is the new value. */
export const plainReturning: StatementRule = {
  kind: 'statement',
  cures: ['returning-old-new'],
  title: 'return plain columns',
  rewrite: (root) => {
    const statement = 'UpdateStmt' in root ? root.UpdateStmt : 'DeleteStmt' in root ? root.DeleteStmt : undefined;
    const targets = statement?.returningClause?.exprs;
    if (statement?.returningClause === undefined || targets === undefined) return undefined;
    // Of a DELETE there is no new row, and a plain column is the old one.
    const plain = 'UpdateStmt' in root ? 'new' : 'old';
    const isOther = (node: Node): boolean => ownerOf(node) === (plain === 'new' ? 'old' : 'new');
    const kept = targets.filter((target) => !somePart(target, isOther));
    replaceWithin(kept, (node) => ('ColumnRef' in node && ownerOf(node) === plain ? { ColumnRef: { ...node.ColumnRef, fields: (node.ColumnRef.fields ?? []).slice(1) } } : undefined));
    if (kept.length === 0) delete statement.returningClause;
    else statement.returningClause.exprs = kept;
    return kept.length === targets.length ? {} : { changes: `what RETURNING takes from ${plain === 'new' ? 'old' : 'new'} is then not returned; read it before, in the same transaction, where it is wanted` };
  },
};

function ownerOf(node: Node): string | undefined {
  if (!('ColumnRef' in node)) return undefined;
  const [first] = node.ColumnRef.fields ?? [];
  return nameOf(node.ColumnRef.fields).schema ?? (node.ColumnRef.fields?.length === 2 && first !== undefined && 'String' in first ? first.String.sval : undefined);
}
