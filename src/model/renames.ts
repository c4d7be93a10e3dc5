import type { Check } from './check.ts';
import { nameKey, type QualifiedName } from './name.ts';
import type { ActualState, DatabaseState, ForeignTable } from './objects.ts';

/**
 * The actual objects under the names that the desired state gives them: where a server, table or column has its former name still,
 * and nothing has the new one. A server's tables and user mappings follow, as they do in PostgreSQL, so that each is
 * compared with what it will become.
 */
export function withRenames(desired: DatabaseState, actual: ActualState): ActualState {
  return withTableRenames(desired, withServerRenames(desired, actual));
}

/** Tables under their new names, and their columns; a name that is taken already stays whose it is. */
function withTableRenames(desired: DatabaseState, actual: ActualState): ActualState {
  const asking = desired.foreignTables.filter((table) => table.renamedFrom !== undefined || table.columns.some(({ renamedFrom }) => renamedFrom !== undefined));
  if (asking.length === 0) return actual;
  const present = new Set(actual.foreignTables.map(nameKey));
  const renames = new Map(asking.flatMap((table) => (table.renamedFrom !== undefined && !present.has(nameKey(table)) ? [[nameKey(table.renamedFrom), table] as const] : [])));
  const wanted = new Map(asking.map((table) => [nameKey(table), table]));
  return {
    ...actual,
    foreignTables: actual.foreignTables.map((table) => {
      const to = renames.get(nameKey(table));
      const named = to === undefined ? table : { ...table, schema: to.schema, name: to.name, renamedFrom: { schema: table.schema, name: table.name } };
      const after = wanted.get(nameKey(named));
      const inherits = named.inherits?.map((parent) => calledNow(renames.get(nameKey(parent))) ?? parent);
      const heir = inherits === undefined ? named : { ...named, inherits };
      return after === undefined ? heir : withColumnRenames(after, heir);
    }),
  };
}

function calledNow(table: ForeignTable | undefined): QualifiedName | undefined {
  return table === undefined ? undefined : { schema: table.schema, name: table.name };
}

function withColumnRenames(after: ForeignTable, table: ForeignTable): ForeignTable {
  const present = new Set(table.columns.map(({ name }) => name));
  const renames = new Map(after.columns.flatMap(({ name, renamedFrom }) => (renamedFrom !== undefined && present.has(renamedFrom) && !present.has(name) ? [[renamedFrom, name] as const] : [])));
  if (renames.size === 0) return table;
  const renamed = (name: string): string => renames.get(name) ?? name;
  const inExpression = (expression: string): string => withNames(expression, renames);
  const inCheck = (check: Check): Check => ({ ...check, expression: inExpression(check.expression), columns: check.columns?.map(renamed) ?? [] });
  return {
    ...table,
    columns: table.columns.map((column) => {
      const { generated } = column;
      return {
        ...column,
        name: renamed(column.name),
        ...(renames.has(column.name) ? { renamedFrom: column.name } : {}),
        ...(generated === undefined ? {} : { generated: { ...generated, expression: inExpression(generated.expression), uses: (generated.uses ?? []).map(renamed) } }),
      };
    }),
    checks: table.checks?.map(inCheck),
    ...(table.handedDown === undefined ? {} : { handedDown: table.handedDown.map(inCheck) }),
    columnGrants: table.columnGrants?.map(({ privilege, holders }) => ({ privilege, holders: holders.map(({ role, columns }) => ({ role, columns: columns.map(renamed) })) })),
  };
}

/**
 * An expression in PostgreSQL's words as it will read when columns have other names. Good enough to see that nothing
 * is left to change: where it errs, the expression is set anew, and what was promised is checked before the commit.
 */
function withNames(expression: string, renames: ReadonlyMap<string, string>): string {
  const written = new Map([...renames].map(([from, to]) => [quoted(from), quoted(to)]));
  return expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu, (token) => written.get(token) ?? token);
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function withServerRenames(desired: DatabaseState, actual: ActualState): ActualState {
  const present = new Set(actual.servers.map(({ name }) => name));
  const renames = new Map(
    desired.servers.flatMap(({ name, renamedFrom }) => (renamedFrom !== undefined && present.has(renamedFrom) && !present.has(name) ? [[renamedFrom, name] as const] : [])),
  );
  if (renames.size === 0) return actual;
  const follow = <T extends { readonly server: string }>(object: T): T => {
    const server = renames.get(object.server);
    return server === undefined ? object : { ...object, server };
  };
  return {
    ...actual,
    servers: actual.servers.map((server) => {
      const name = renames.get(server.name);
      return name === undefined ? server : { ...server, name, renamedFrom: server.name };
    }),
    userMappings: actual.userMappings.map(follow),
    foreignTables: actual.foreignTables.map(follow),
  };
}
