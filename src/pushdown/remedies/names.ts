import type { RelationFacts } from '../facts/relations.ts';
import type { Node } from '../parser.ts';
import { soleName, targetName } from './group-keys.ts';
import { everyNode } from './tree.ts';

/** The names of a statement's CTEs, which hide tables of that name. */
export function cteNames(root: unknown): ReadonlySet<string> {
  return new Set([...everyNode(root)].flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr.ctename ?? ''] : [])));
}

/** What the names in a statement may stand for. */
export interface Names {
  /** The tables that each name stands for: several, where it is used again in a sub-select. */
  readonly aliases: ReadonlyMap<string, readonly number[]>;
  /** Names of what is no table, somewhere: a sub-select, a CTE, a view. */
  readonly others: ReadonlySet<string>;
  /** Names of columns that are computed, or renamed, by a sub-select, a CTE or a view. */
  readonly made: ReadonlySet<string>;
}

/** @param views the queries of the views that the statement reads */
export function namesIn(root: Node | undefined, views: readonly (Node | undefined)[], meant: (schema: string | undefined, name: string) => readonly RelationFacts[]): Names {
  const aliases = new Map<string, readonly number[]>();
  const [others, made] = [new Set<string>(), new Set<string>()];
  // Those of the statement itself are not what its conditions read.
  const own = new Set(root !== undefined && 'SelectStmt' in root ? root.SelectStmt.targetList : []);
  const readName = (node: Node): void => {
    const alias = 'RangeSubselect' in node ? node.RangeSubselect.alias : 'RangeFunction' in node ? node.RangeFunction.alias : 'RangeTableFunc' in node ? node.RangeTableFunc.alias : undefined;
    if (alias !== undefined) {
      others.add(alias.aliasname ?? '');
      readNames(alias.colnames);
    }
    if ('CommonTableExpr' in node) readNames(node.CommonTableExpr.aliascolnames);
    if ('SelectStmt' in node) for (const target of node.SelectStmt.targetList ?? []) if (!own.has(target)) readTarget(target);
  };
  const readTable = ({ schemaname, relname = '', alias }: Extract<Node, { RangeVar: unknown }>['RangeVar']): void => {
    const name = alias?.aliasname ?? relname;
    const tables = meant(schemaname, relname);
    if (tables.length === 0) others.add(name);
    aliases.set(name, [...(aliases.get(name) ?? []), ...tables.map(({ oid }) => oid)]);
    readNames(alias?.colnames);
  };
  const readNames = (names: readonly Node[] = []): void => {
    for (const name of names) if ('String' in name) made.add(name.String.sval ?? '');
  };
  const readTarget = (target: Node): void => {
    const name = targetName(target);
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const same = value !== undefined && 'ColumnRef' in value && (soleName(value) === name || targetName({ ResTarget: { val: value } }) === name);
    if (name !== undefined && !same) made.add(name);
  };
  for (const node of everyNode(root)) {
    if ('RangeVar' in node) readTable(node.RangeVar);
    readName(node);
  }
  // The tables of a view go by their names within it only.
  for (const node of everyNode(views)) readName(node);
  // What INSERT, UPDATE and DELETE write stands in the tree without the word RangeVar.
  const written = root === undefined ? undefined : 'UpdateStmt' in root ? root.UpdateStmt.relation : 'DeleteStmt' in root ? root.DeleteStmt.relation : 'InsertStmt' in root ? root.InsertStmt.relation : undefined;
  if (written !== undefined) readTable(written);
  return { aliases, others, made };
}
