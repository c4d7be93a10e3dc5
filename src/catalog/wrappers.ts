import type { Wrapper, WrapperFunction } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';
import { facetColumns, type FacetRow, facetsOf } from './facets.ts';
import { optionsFromArray } from './options.ts';

interface WrapperRow extends FacetRow {
  readonly name: string;
  readonly extension: string | null;
  readonly handler_schema: string | null;
  readonly handler: string | null;
  readonly validator_schema: string | null;
  readonly validator: string | null;
  readonly options: string[] | null;
}

/** All foreign-data wrappers, those that extensions made too. */
export async function readWrappers(session: Session): Promise<readonly Wrapper[]> {
  const rows = await session.query<WrapperRow>(`
    SELECT w.fdwname AS name, e.extname AS extension, hn.nspname AS handler_schema, h.proname AS handler,
      vn.nspname AS validator_schema, v.proname AS validator, w.fdwoptions AS options,
      ${facetColumns({ oid: 'w.oid', owner: 'w.fdwowner', acl: 'w.fdwacl', catalog: 'pg_foreign_data_wrapper' })}
    FROM pg_foreign_data_wrapper w
    LEFT JOIN pg_proc h ON h.oid = w.fdwhandler
    LEFT JOIN pg_namespace hn ON hn.oid = h.pronamespace
    LEFT JOIN pg_proc v ON v.oid = w.fdwvalidator
    LEFT JOIN pg_namespace vn ON vn.oid = v.pronamespace
    LEFT JOIN pg_depend d ON d.classid = 'pg_foreign_data_wrapper'::regclass AND d.objid = w.oid
      AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
    LEFT JOIN pg_extension e ON e.oid = d.refobjid
    ORDER BY w.fdwname COLLATE "C"`);
  return rows.map((row) => ({
    kind: 'wrapper',
    name: row.name,
    extension: row.extension ?? undefined,
    definition: {
      handler: functionName(row.handler_schema, row.handler),
      validator: functionName(row.validator_schema, row.validator),
      options: optionsFromArray(row.options, { wrapper: row.name, kind: 'wrapper' }),
    },
    ...facetsOf(row),
  }));
}

function functionName(schema: string | null, name: string | null): WrapperFunction {
  return schema === null || name === null ? 'none' : { schema, name };
}
