import type { OptionChange } from '../model/change.ts';
import type { Server } from '../model/objects.ts';
import { ident, literal } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { sql } from './build.ts';
import { optionChangesClause, optionsClause } from './options.ts';

export function createServer(server: Server): readonly Statement[] {
  const type = server.type === undefined ? '' : ` TYPE ${literal(server.type)}`;
  const version = server.version === undefined ? '' : ` VERSION ${literal(server.version)}`;
  const head = `CREATE SERVER ${ident(server.name)}${type}${version} FOREIGN DATA WRAPPER ${ident(server.wrapper)}`;
  return [sql(head, optionsClause(server.options, server.name))];
}

export function renameServer(from: string, to: string): Statement {
  return statement(`ALTER SERVER ${ident(from)} RENAME TO ${ident(to)}`);
}

/** The new name first; then one `ALTER SERVER` for version and options together, none where neither changes. */
export function alterServer(before: Server, after: Server, options: readonly OptionChange[]): readonly Statement[] {
  const changed = after.version !== undefined && after.version !== before.version;
  const version = changed ? ` VERSION ${literal(after.version)}` : '';
  const rename = before.renamedFrom === undefined ? [] : [renameServer(before.renamedFrom, after.name)];
  if (!changed && options.length === 0) return rename;
  const clause = options.length === 0 ? [] : [' ', ...optionChangesClause(options, after.name)];
  return [...rename, sql(`ALTER SERVER ${ident(after.name)}${version}`, clause)];
}
