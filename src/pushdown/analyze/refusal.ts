import type { Session } from '../../postgres/session.ts';
import { firstLocation } from '../places/tree.ts';
import type { Node, Parser } from '../parser.ts';
import { shapeOf } from '../queries/shape.ts';

/** Why a statement is not executed, and where: in UTF-16 units of the statement's text. */
export interface Refusal {
  readonly message: string;
  readonly offset: number | undefined;
}

/** VOLATILE functions of PostgreSQL that change nothing. */
const harmless = ['random', 'clock_timestamp', 'timeofday', 'gen_random_uuid', 'random_normal'];

/**
 * Why a statement may not be executed: anything but a SELECT that only reads. A READ ONLY transaction keeps this
 * database as it is, but not what a function does elsewhere (dblink, a file, a sequence on a remote), and a lock is taken
 * on the remote; so VOLATILE functions and operators and locks are refused, also inside views.
 *
 * @param views the queries of the views that the statement reaches
 */
export async function refusalOf(session: Session, parser: Parser, sql: string, views: readonly string[]): Promise<Refusal | undefined> {
  const root = parser.parse(sql)?.stmts?.[0]?.stmt;
  if (root === undefined) return { message: 'it cannot be parsed', offset: undefined };
  if (!('SelectStmt' in root)) return { message: 'it is no SELECT, and only those are executed', offset: 0 };
  if (shapeOf(parser, sql).parameters > 0) return { message: 'it has parameters, and no values are known for them', offset: at(sql, find(root, 'ParamRef')) };
  const written = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].map((type) => find(root, type)).find((node) => node !== undefined);
  if (written !== undefined) return { message: 'a CTE of it changes data', offset: at(sql, written) };
  if (find(root, 'IntoClause', 'intoClause') !== undefined) return { message: 'SELECT INTO makes a table', offset: at(sql, find(root, 'IntoClause', 'intoClause')) };
  if (find(root, 'lockingClause', 'lockingClause') !== undefined) return { message: 'it locks rows', offset: undefined };
  for (const [index, text] of [sql, ...views].entries()) {
    const tree = index === 0 ? root : parser.parse(text)?.stmts?.[0]?.stmt;
    const [volatile] = tree === undefined ? [] : await volatileIn(session, tree);
    if (volatile !== undefined) return { message: `${volatile.what} is VOLATILE${index === 0 ? '' : ' (in a view)'}: what it does may last`, offset: index === 0 ? at(sql, volatile.node) : undefined };
  }
  return undefined;
}

/** The first function or operator that may be VOLATILE, by its name. */
async function volatileIn(session: Session, root: Node): Promise<readonly { readonly what: string; readonly node: unknown }[]> {
  const calls = [...named(root, 'FuncCall', 'funcname')];
  const operators = [...named(root, 'A_Expr', 'name')];
  const rows = await session.query<{ kind: string; name: string }>(
    `SELECT 'function' AS kind, p.proname::text AS name FROM pg_catalog.pg_proc p
     WHERE p.proname = ANY ($1) AND p.provolatile = 'v' AND NOT (p.oid < 10000 AND p.proname = ANY ($3))
     UNION SELECT 'operator', o.oprname::text FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
     WHERE o.oprname = ANY ($2) AND p.provolatile = 'v'`,
    [calls.map(({ name }) => name), operators.map(({ name }) => name), harmless],
  );
  const is = (kind: string, name: string): boolean => rows.some((row) => row.kind === kind && row.name === name);
  return [
    ...calls.filter(({ name }) => is('function', name)).map(({ name, node }) => ({ what: `the function ${name}`, node })),
    ...operators.filter(({ name }) => is('operator', name)).map(({ name, node }) => ({ what: `the operator ${name}`, node })),
  ];
}

/** Calls in a tree, with the last part of their names. */
function* named(value: unknown, type: string, key: string): Generator<{ readonly name: string; readonly node: unknown }> {
  if (!isRecord(value)) return;
  const body = value[type];
  const parts = isRecord(body) ? body[key] : undefined;
  const last: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
  const string = isRecord(last) ? last['String'] : undefined;
  const name = isRecord(string) ? string['sval'] : undefined;
  if (typeof name === 'string') yield { name, node: value };
  for (const each of Object.values(value)) yield* named(each, type, key);
}

/** The first part of a tree of a type, or under a key. */
function find(value: unknown, type: string, key = type): unknown {
  if (!isRecord(value)) return undefined;
  if (value[key] !== undefined) return value;
  for (const each of Object.values(value)) {
    const found = find(each, type, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a part begins; the tree counts bytes. */
function at(sql: string, part: unknown): number | undefined {
  const bytes = firstLocation(part);
  return bytes === undefined ? undefined : Buffer.from(sql).subarray(0, bytes).toString().length;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
