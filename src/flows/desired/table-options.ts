import type { SourceSpan } from '../../base/source.ts';
import type { Problem } from '../../base/spec-error.ts';
import { UserError } from '../../base/user-error.ts';
import type { DraftTable } from '../../desired/draft-table.ts';
import type { Options } from '../../model/option.ts';
import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { qualified } from '../../sql/quote.ts';
import { optionPlaceWithin } from '../../spec/option-place.ts';

/** Options of a table or a column, as an option array holds them, and where the first of that kind stands. */
interface Asked {
  readonly holder: 'pg_foreign_table' | 'pg_attribute';
  readonly elements: readonly string[];
  readonly subject: string;
  readonly at: () => SourceSpan;
}

/**
 * Has wrappers judge the options of tables and columns that the server is not asked about otherwise: their validators are called
 * as CREATE FOREIGN TABLE calls them (postgresql.org/docs/18/fdw-functions.html, "Foreign Data Wrapper Validator"), on
 * each different set of options once, and no object is made.
 *
 * @param session in a transaction that will be rolled back, with the drafts' servers in place
 */
export async function tableOptionProblems(session: Session, drafts: readonly DraftTable[]): Promise<readonly Problem[]> {
  const validators = await validatorsOf(session, [...new Set(drafts.map(({ table }) => table.server))]);
  const asked = new Map<string, Map<string, Asked>>();
  for (const draft of drafts) {
    const validator = validators.get(draft.table.server);
    if (validator === undefined) continue;
    const group = asked.get(validator.call) ?? new Map<string, Asked>();
    asked.set(validator.call, group);
    for (const one of askedOf(draft, validator.names)) {
      const key = JSON.stringify([one.holder, one.elements]);
      if (!group.has(key)) group.set(key, one);
    }
  }
  const problems: Problem[] = [];
  for (const [call, group] of asked) problems.push(...(await judged(session, call, [...group.values()])));
  return problems;
}

function askedOf({ table, at, places }: DraftTable, names: ReadonlySet<string>): readonly Asked[] {
  const subject = `foreign table ${table.schema}.${table.name}`;
  const columns = table.columns.flatMap(({ name, options }): readonly Asked[] => {
    const elements = elementsOf(options, names);
    return elements.length === 0 ? [] : [{ holder: 'pg_attribute', elements, subject: `${subject}, column ${name}`, at: () => places().columns.get(name) ?? at }];
  });
  // Some options are required, so none at all is a question too, but for a wrapper whose names may be left out.
  const own = elementsOf(table.options, names);
  const whole = own.length === table.options.filter(({ name }) => !names.has(name)).length && (own.length > 0 || names.size === 0);
  return [...(!whole ? [] : [{ holder: 'pg_foreign_table', elements: own, subject, at: () => at } as const]), ...columns];
}

/** Secrets stay where they are; what a wrapper takes any text for is not asked about. */
function elementsOf(options: Options, names: ReadonlySet<string>): readonly string[] {
  return options.flatMap(({ name, value }) => (value.kind === 'text' && !names.has(name) ? [`${name}=${value.text}`] : []));
}

/* Any text will do for them (contrib/postgres_fdw/option.c, postgres_fdw_validator, 14 to 18): without them, ten thousand tables have few different options. */
const postgresNames: ReadonlySet<string> = new Set(['schema_name', 'table_name', 'column_name']);

async function validatorsOf(session: Session, servers: readonly string[]): Promise<ReadonlyMap<string, { readonly call: string; readonly names: ReadonlySet<string> }>> {
  if (servers.length === 0) return new Map();
  const rows = await session.query<{ server: string; schema: string; name: string; source: string }>(
    `SELECT s.srvname AS server, n.nspname AS schema, p.proname AS name, p.prosrc AS source
     FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw JOIN pg_proc p ON p.oid = w.fdwvalidator JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE s.srvname = ANY ($1::text[]) AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')`,
    [servers],
  );
  return new Map(rows.map(({ server, schema, name, source }) => [server, { call: qualified({ schema, name }), names: source === 'postgres_fdw_validator' ? postgresNames : new Set<string>() }]));
}

/** By halves, so that a few refusals among many cost few questions. */
async function judged(session: Session, call: string, asked: readonly Asked[]): Promise<readonly Problem[]> {
  const [first] = asked;
  const refused = first === undefined ? undefined : await refusal(session, call, asked);
  if (first === undefined || refused === undefined) return [];
  if (asked.length === 1) return [{ message: `${first.subject}: ${refused.message}`, at: optionAt(first, refused.message), hint: refused.todo }];
  const middle = Math.ceil(asked.length / 2);
  return [...(await judged(session, call, asked.slice(0, middle))), ...(await judged(session, call, asked.slice(middle)))];
}

/** The option that the validator quotes, in whatever language. */
function optionAt({ at, elements }: Asked, message: string): SourceSpan {
  const names = elements.map((element) => element.slice(0, element.indexOf('=')));
  const quoted = names.find((name) => message.includes(`"${name}"`));
  return (quoted === undefined ? undefined : optionPlaceWithin(at(), quoted)) ?? at();
}

/** What the validator says against any of them. */
async function refusal(session: Session, call: string, asked: readonly Asked[]): Promise<UserError | undefined> {
  await session.query('SAVEPOINT fdw_options');
  try {
    await session.query(
      `SELECT count(*) FROM json_array_elements($1::json) a CROSS JOIN LATERAL ${call}(ARRAY(SELECT json_array_elements_text(a -> 'elements')), (a ->> 'holder')::regclass) v`,
      [JSON.stringify(asked.map(({ holder, elements }) => ({ holder: `pg_catalog.${holder}`, elements })))],
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await session.query('ROLLBACK TO SAVEPOINT fdw_options');
    // What needs a privilege needs it when it is made; a plan without changes needs none.
    return error instanceof DatabaseError && error.sqlstate === '42501' ? undefined : error;
  } finally {
    await session.query('RELEASE SAVEPOINT fdw_options').catch(() => undefined); // The connection may be gone.
  }
}
