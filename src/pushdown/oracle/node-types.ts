import type { Node } from '../parser.ts';
import { nameOf } from './expression.ts';

/** A kind of expression that postgres_fdw never sends (foreign_expr_walker's switch, deparse.c, 14 to 18). */
export interface UnsupportedNode {
  /** As a user knows it. */
  readonly name: string;
  /** Its value belongs to this session. */
  readonly session: boolean;
}

/** Whether this very node, whatever its operands, is of a kind that is not sent. */
export function unsupportedNode(node: Node, versionNum: number): UnsupportedNode | undefined {
  const plain = (name: string): UnsupportedNode => ({ name, session: false });
  if ('CoalesceExpr' in node) return plain('COALESCE');
  if ('MinMaxExpr' in node) return plain(node.MinMaxExpr.op === 'IS_GREATEST' ? 'GREATEST' : 'LEAST');
  if ('BooleanTest' in node) return plain('IS TRUE, IS FALSE or IS UNKNOWN');
  if ('CaseExpr' in node && versionNum < 150000) return plain('CASE (sent from PostgreSQL 15 on)');
  if ('SubLink' in node) return plain('a sub-select');
  if ('RowExpr' in node) return plain('ROW(…)');
  if ('XmlExpr' in node || 'XmlSerialize' in node) return plain('an XML expression');
  if ('JsonFuncExpr' in node || 'JsonIsPredicate' in node || 'JsonObjectConstructor' in node || 'JsonArrayConstructor' in node || 'JsonScalarExpr' in node || 'JsonParseExpr' in node || 'JsonSerializeExpr' in node) return plain('a JSON expression');
  if ('GroupingFunc' in node) return plain('GROUPING');
  if ('SQLValueFunction' in node) return { name: sqlValueNames[node.SQLValueFunction.op ?? ''] ?? 'a session value', session: true };
  if ('A_Indirection' in node && (node.A_Indirection.indirection ?? []).some((part) => 'String' in part)) return plain('a field of a row');
  if ('ColumnRef' in node && (node.ColumnRef.fields ?? []).some((part) => 'A_Star' in part)) return plain('a whole row');
  if ('A_Expr' in node) {
    if (node.A_Expr.kind === 'AEXPR_NULLIF') return plain('NULLIF');
    const rows = [node.A_Expr.lexpr, node.A_Expr.rexpr].every((side) => side !== undefined && 'RowExpr' in side);
    if (rows && ['<', '<=', '>', '>='].includes(nameOf(node.A_Expr.name).name)) return plain('a row comparison');
  }
  return undefined;
}

const sqlValueNames: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: 'CURRENT_DATE',
  SVFOP_CURRENT_TIME: 'CURRENT_TIME',
  SVFOP_CURRENT_TIME_N: 'CURRENT_TIME',
  SVFOP_CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP',
  SVFOP_CURRENT_TIMESTAMP_N: 'CURRENT_TIMESTAMP',
  SVFOP_LOCALTIME: 'LOCALTIME',
  SVFOP_LOCALTIME_N: 'LOCALTIME',
  SVFOP_LOCALTIMESTAMP: 'LOCALTIMESTAMP',
  SVFOP_LOCALTIMESTAMP_N: 'LOCALTIMESTAMP',
  SVFOP_CURRENT_ROLE: 'CURRENT_ROLE',
  SVFOP_CURRENT_USER: 'CURRENT_USER',
  SVFOP_USER: 'USER',
  SVFOP_SESSION_USER: 'SESSION_USER',
  SVFOP_CURRENT_CATALOG: 'CURRENT_CATALOG',
  SVFOP_CURRENT_SCHEMA: 'CURRENT_SCHEMA',
};

/** Functions whose value belongs to this session; the remote's would be another. */
export const sessionFunctions = new Set([
  'current_setting', 'current_schema', 'current_schemas', 'current_database', 'current_catalog', 'session_user', 'getpgusername', 'current_query',
  'inet_client_addr', 'inet_client_port', 'inet_server_addr', 'inet_server_port', 'pg_backend_pid', 'pg_my_temp_schema', 'pg_current_xact_id', 'txid_current',
]);

/** System columns but ctid, which is sent. */
export const systemColumns = new Set(['tableoid', 'xmin', 'xmax', 'cmin', 'cmax']);
