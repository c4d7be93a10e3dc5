import { nearest } from '../base/nearest.ts';
import type { Problem } from '../base/spec-error.ts';
import type { RemoteRelation, RemoteSchema } from '../model/remote-relation.ts';
import type { Placed, SpecImportedSchema } from '../spec/types.ts';

/** The relations that an imported schema takes, and what is wrong with its list. */
export interface Selected {
  readonly relations: readonly RemoteRelation[];
  readonly problems: readonly Problem[];
}

/**
 * Holds an imported schema against what the remote has. A name that the remote lacks is a problem, in a list
 * and in `except` alike: IMPORT FOREIGN SCHEMA passes over it in silence.
 */
export function selectRelations(schema: SpecImportedSchema, remote: RemoteSchema): Selected {
  if (!remote.exists) {
    const message = `the remote of server ${schema.server.value} has no schema "${schema.remoteSchema.value}"`;
    return { relations: [], problems: [{ message, at: schema.remoteSchema.at, hint: 'Names are case-sensitive here, as PostgreSQL stores them.' }] };
  }
  const named = schema.selection.kind === 'all' ? [] : schema.selection.tables;
  const known = new Set(remote.names);
  const problems = named.filter(({ value }) => !known.has(value)).map((table) => missing(table, schema, remote));
  return { relations: remote.relations, problems };
}

function missing(table: Placed<string>, schema: SpecImportedSchema, remote: RemoteSchema): Problem {
  const meant = nearest(table.value, remote.names);
  return {
    message: `schema "${remote.name}" on the remote of server ${schema.server.value} has no table "${table.value}"`,
    at: table.at,
    hint: meant === undefined ? undefined : `Did you mean "${meant}"?`,
  };
}

/** Overrides of tables that the schema does not import. */
export function strayOverrides({ overrides, remoteSchema }: SpecImportedSchema, imported: readonly string[]): readonly Problem[] {
  const names = new Set(imported);
  return overrides
    .filter(({ name }) => !names.has(name.value))
    .map(({ name }) => {
      const near = nearest(name.value, imported);
      return { message: `"${name.value}" is not among the tables that are imported from schema "${remoteSchema.value}"`, at: name.at, hint: near === undefined ? undefined : `Did you mean "${near}"?` };
    });
}
