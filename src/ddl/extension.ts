import type { Extension } from '../model/objects.ts';
import { ident, literal } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';

/** `CREATE EXTENSION`; without SCHEMA it goes where the session's search_path, or its control file, says. */
export function createExtension(extension: Extension): readonly Statement[] {
  const schema = extension.schema === undefined ? '' : ` SCHEMA ${ident(extension.schema)}`;
  const version = extension.version === undefined ? '' : ` VERSION ${literal(extension.version)}`;
  return [statement(`CREATE EXTENSION ${ident(extension.name)}${schema}${version}`)];
}

/** `ALTER EXTENSION` for what differs of schema and version. */
export function alterExtension(before: Extension, after: Extension): readonly Statement[] {
  const name = ident(after.name);
  const statements: Statement[] = [];
  if (after.schema !== undefined && after.schema !== before.schema) {
    statements.push(statement(`ALTER EXTENSION ${name} SET SCHEMA ${ident(after.schema)}`));
  }
  if (after.version !== undefined && after.version !== before.version) {
    statements.push(statement(`ALTER EXTENSION ${name} UPDATE TO ${literal(after.version)}`));
  }
  return statements;
}
