import type { Problem } from '../../base/spec-error.ts';
import type { UserError } from '../../base/user-error.ts';
import { withCatalogPath } from '../../catalog/catalog-path.ts';
import { readForeignTables } from '../../catalog/foreign-tables.ts';
import { createForeignTable } from '../../ddl/foreign-table.ts';
import type { DraftTable } from '../../desired/draft-table.ts';
import type { Column } from '../../model/column.ts';
import { compareNames } from '../../model/option.ts';
import type { ForeignTable } from '../../model/objects.ts';
import { DatabaseError, PipelineError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { attempt } from './attempt.ts';
import { literal } from '../../sql/quote.ts';
import { render } from '../../sql/statement.ts';

/** Tables in PostgreSQL's own words, and the drafts that it would not take. */
export interface CanonicalTables {
  readonly tables: readonly ForeignTable[];
  readonly problems: readonly Problem[];
}

/**
 * Puts drafts into canonical form: those with expressions or named collations are created in `pg_temp` and
 * read back by the reader that reads the real ones. So `0` and `'0'::integer`, or two ways to write one
 * expression, compare as PostgreSQL compares them.
 *
 * @param session in a transaction that will be rolled back, with the drafts' servers and types in place
 * @param newLabels those that enums are to get: they are not there yet
 */
export async function canonicalTables(session: Session, drafts: readonly DraftTable[], newLabels: readonly string[] = []): Promise<CanonicalTables> {
  const asking = drafts.filter(({ needsServer }) => needsServer);
  if (asking.length === 0) return { tables: drafts.map(({ table }) => table), problems: [] };
  const problems: Problem[] = [];
  const canonical = new Map<DraftTable, ForeignTable>();
  for (const [draft, answer] of await answersTo(session, asking, newLabels, problems)) {
    if (sameNames(answer.columns, draft.table.columns) && sameNames(answer.checks ?? [], draft.table.checks ?? [])) canonical.set(draft, canonicalTable(draft, answer));
    else problems.push({ message: 'a default or a check here is not one expression', at: draft.at });
  }
  return { tables: drafts.flatMap((draft) => (draft.needsServer ? (canonical.get(draft) ?? []) : draft.table)), problems };
}

/* Each takes an entry of the lock table until the savepoint that it was made in is rolled back. */
const atOnce = 200;

/** The drafts as the server reads them back; those that it would not take are among `problems`. */
async function answersTo(session: Session, drafts: readonly DraftTable[], newLabels: readonly string[], problems: Problem[]): Promise<readonly (readonly [DraftTable, ForeignTable])[]> {
  const answered: (readonly [DraftTable, ForeignTable])[] = [];
  for (let start = 0; start < drafts.length; start += atOnce) {
    const some = drafts.slice(start, start + atOnce);
    await session.query('SAVEPOINT fdw_drafts');
    problems.push(...(await createAll(session, some, newLabels)));
    const answers = await readBack(session);
    for (const [index, draft] of some.entries()) {
      const answer = answers.get(temporaryName(index));
      if (answer !== undefined) answered.push([draft, answer]);
    }
    await session.query('ROLLBACK TO SAVEPOINT fdw_drafts; RELEASE SAVEPOINT fdw_drafts');
  }
  return answered;
}

/** Whether the server made what was asked for: an expression that closes its own parenthesis could be more than one. */
function sameNames(some: readonly { readonly name: string }[], others: readonly { readonly name: string }[]): boolean {
  const listed = (all: typeof some): string => all.map(({ name }) => name).sort(compareNames).join('\0');
  return listed(some) === listed(others);
}

/** What PostgreSQL knows better. Options are as written on both sides; a secret one went without its value. */
function canonicalTable(draft: DraftTable, answer: ForeignTable): ForeignTable {
  return { ...draft.table, columns: canonicalColumns(draft.table.columns, answer.columns), checks: draft.table.checks === undefined ? undefined : answer.checks };
}

export function canonicalColumns(columns: readonly Column[], answer: readonly Column[]): readonly Column[] {
  const answers = new Map(answer.map((column) => [column.name, column]));
  return columns.map((column) => {
    const canonical = answers.get(column.name) ?? column;
    const { type, notNull, collation, default: fallback, generated, identity, storage } = canonical;
    return { ...column, type, notNull, collation, default: fallback, generated, identity, storage: column.storage === undefined ? undefined : storage };
  });
}

function temporaryName(index: number): string {
  return `fdw_draft_${index}`;
}

/** All in one round trip; where the server does not take one of them, one by one, to say what is wrong with each. */
async function createAll(session: Session, drafts: readonly DraftTable[], newLabels: readonly string[]): Promise<readonly Problem[]> {
  try {
    await session.pipeline(drafts.flatMap((draft, index) => statementsFor(draft, temporaryName(index))));
    return [];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (!(error.cause instanceof DatabaseError)) throw error.cause;
  }
  await session.query('ROLLBACK TO SAVEPOINT fdw_drafts');
  const problems: Problem[] = [];
  for (const [index, draft] of drafts.entries()) {
    const problem = await tryCreate(session, draft, temporaryName(index), newLabels);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

function statementsFor({ table }: DraftTable, name: string): readonly string[] {
  return createForeignTable({ ...table, schema: 'pg_temp', name }).map((statement) => render(statement, () => literal('')));
}

async function tryCreate(session: Session, draft: DraftTable, name: string, newLabels: readonly string[]): Promise<Problem | undefined> {
  const { table, at } = draft;
  const places = draft.places();
  const early = table.columns.find(({ generated }) => generated?.kind === 'virtual' && session.facts.versionNum < 18_00_00);
  if (early !== undefined) {
    return { message: `column ${early.name} is generated and virtual, which PostgreSQL knows from 18 on`, at: places.columns.get(early.name) ?? at, hint: 'Make it `stored`.' };
  }
  const error = await attempt(session, statementsFor(draft, name));
  if (error === undefined) return undefined;
  const suspects = table.columns.filter((column) => [column.default, column.generated, column.identity, column.collation, column.storage].some((part) => part !== undefined));
  const suspected = [...suspects.map(({ name: column }) => places.columns.get(column)), ...places.checks.values()];
  const [only] = suspected.length === 1 ? suspected : [];
  return {
    message: `foreign table ${table.schema}.${table.name}: ${error.message}`,
    at: only ?? at,
    hint: labelHint(error, newLabels) ?? error.todo,
  };
}

/**
 * A new label cannot be used before the transaction that adds it commits (postgresql.org/docs/18/sql-altertype.html,
 * "Notes"). 22P02: invalid_text_representation; 55P04: unsafe_new_enum_value_usage, where renamed labels were rehearsed along.
 */
function labelHint(error: UserError, newLabels: readonly string[]): string | undefined {
  if (!(error instanceof DatabaseError) || (error.sqlstate !== '22P02' && error.sqlstate !== '55P04')) return undefined;
  const label = newLabels.find((one) => error.message.includes(`"${one}"`));
  if (label === undefined) return undefined;
  return `the label '${label}' is new, and PostgreSQL lets nothing use it in the transaction that adds it: apply once without this expression, so that the label is there, then put it back and apply again`;
}

async function readBack(session: Session): Promise<ReadonlyMap<string, ForeignTable>> {
  const [schema] = await session.query<{ name: string }>('SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()');
  if (schema === undefined) return new Map();
  const tables = await withCatalogPath(session, async () => readForeignTables(session, [schema.name]));
  return new Map(tables.map((table) => [table.name, table]));
}
