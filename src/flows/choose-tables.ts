import { UserError } from '../base/user-error.ts';
import { compareNames } from '../model/option.ts';

/** Which foreign tables are asked for; empty: all. */
export interface TableChoice {
  readonly servers: readonly string[];
  /** Local schemas. */
  readonly schemas: readonly string[];
}

/**
 * The foreign tables of those servers and in those schemas. A name that leads to none is a slip of the fingers.
 * @param tables those of postgres_fdw
 * @throws UserError `unknown-server`, `unknown-schema`
 */
export function chooseTables<Table extends { readonly server: string; readonly schema: string }>(tables: readonly Table[], { servers, schemas }: TableChoice): readonly Table[] {
  for (const [what, names, known] of [
    ['server', servers, new Set(tables.map(({ server }) => server))],
    ['schema', schemas, new Set(tables.map(({ schema }) => schema))],
  ] as const) {
    const unknown = names.find((name) => !known.has(name));
    if (unknown === undefined) continue;
    throw new UserError(`unknown-${what}`, `No foreign table of postgres_fdw is ${what === 'server' ? 'on server' : 'in schema'} "${unknown}".`, {
      todo: known.size === 0 ? undefined : `There are some ${what === 'server' ? 'on' : 'in'} ${[...known].sort(compareNames).join(', ')}.`,
    });
  }
  return tables.filter(({ server, schema }) => (servers.length === 0 || servers.includes(server)) && (schemas.length === 0 || schemas.includes(schema)));
}
