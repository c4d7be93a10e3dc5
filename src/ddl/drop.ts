import type { FdwObject } from '../model/objects.ts';
import { ident, qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { roleSpec } from '../sql/role.ts';

/** The statement that takes an object away. Never CASCADE: PostgreSQL refuses while something depends on it. */
export function drop(object: FdwObject): Statement {
  return statement(`DROP ${subject(object)}`);
}

function subject(object: FdwObject): string {
  switch (object.kind) {
    case 'extension':
      return `EXTENSION ${ident(object.name)}`;
    case 'wrapper':
      return `FOREIGN DATA WRAPPER ${ident(object.name)}`;
    case 'schema':
      return `SCHEMA ${ident(object.name)}`;
    case 'server':
      return `SERVER ${ident(object.name)}`;
    case 'user-mapping':
      return `USER MAPPING FOR ${roleSpec(object.role)} SERVER ${ident(object.server)}`;
    case 'enum':
    case 'composite':
    case 'range':
      return `TYPE ${qualified(object)}`;
    case 'domain':
      return `DOMAIN ${qualified(object)}`;
    case 'partitioned-table':
      return `TABLE ${qualified(object)}`;
    case 'foreign-table':
      return `FOREIGN TABLE ${qualified(object)}`;
  }
}
