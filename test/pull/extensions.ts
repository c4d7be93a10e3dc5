import fc from 'fast-check';
import { quoted, text } from './plain-sql.ts';

/** Extensions in a schema and of a version, with servers of their wrappers and a table that stands on one of them, as SQL. */
export interface Extensions {
  readonly statements: readonly string[];
  readonly servers: number;
  readonly tables: number;
}

/** Where they are, unless in `public`. */
const schema = 'ext "x".y';

/** None of it, or all; `where` is the schema of the table. */
export function extensions(roles: readonly string[], where: string): fc.Arbitrary<Extensions> {
  return fc.option(
    fc.record({
      at: fc.constantFrom('public', schema),
      owner: fc.option(fc.constantFrom(...roles), { nil: undefined }),
      comment: fc.option(fc.constantFrom("it's", '${env:HOME}'), { nil: undefined }),
      usage: fc.subarray(['PUBLIC', ...roles.map(quoted)]),
      // Those that PostgreSQL has files for on every major; undefined: the one that CREATE EXTENSION gives.
      postgresFdw: fc.constantFrom(undefined, '1.0', '1.1'),
      citext: fc.constantFrom(undefined, '1.4', '1.5', '1.6'),
      dblink: fc.boolean(),
    }),
    { nil: undefined },
  ).map((made): Extensions => {
    if (made === undefined) return { statements: [], servers: 0, tables: 0 };
    const { at, owner, comment, usage, postgresFdw, citext, dblink } = made;
    const extension = (name: string, version?: string): string => `CREATE EXTENSION ${name} SCHEMA ${quoted(at)}${version === undefined ? '' : ` VERSION '${version}'`}`;
    const ofSchema = at === 'public' ? [] : [
      `CREATE SCHEMA ${quoted(at)}`,
      ...(usage.length === 0 ? [] : [`GRANT USAGE ON SCHEMA ${quoted(at)} TO ${usage.join(', ')}`]),
      ...(comment === undefined ? [] : [`COMMENT ON SCHEMA ${quoted(at)} IS ${text(comment)}`]),
      ...(owner === undefined ? [] : [`ALTER SCHEMA ${quoted(at)} OWNER TO ${quoted(owner)}`]),
    ];
    return {
      statements: [
        ...ofSchema,
        extension('postgres_fdw', postgresFdw),
        extension('citext', citext),
        `CREATE SERVER "pg: 1" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h', port '010', fetch_size '0100', use_remote_estimate 'on', extensions 'citext , citext')`,
        `CREATE USER MAPPING FOR PUBLIC SERVER "pg: 1" OPTIONS ("user" '\${env:X}', password_required 'true')`,
        `CREATE FOREIGN TABLE ${quoted(where)}."on ""ext""" (c ${quoted(at)}.citext OPTIONS (column_name 'C') DEFAULT 'A'::${quoted(at)}.citext, d ${quoted(at)}.citext[] COLLATE "C") SERVER "pg: 1" OPTIONS (schema_name '$$', table_name '')`,
        ...(dblink ? [extension('dblink'), `CREATE SERVER link FOREIGN DATA WRAPPER dblink_fdw OPTIONS (dbname 'd', application_name '\${env:X}')`] : []),
      ],
      servers: dblink ? 2 : 1,
      tables: 1,
    };
  });
}

/** SQL that takes them away. */
export const dropExtensions = `DROP EXTENSION IF EXISTS postgres_fdw, citext, dblink CASCADE; DROP SCHEMA IF EXISTS ${quoted(schema)}`;
