import type { SourceSpan } from '../../base/source.ts';
import { Secret } from '../../base/secret.ts';
import { groupBy } from '../../base/group.ts';
import { UserError } from '../../base/user-error.ts';
import { importedTable } from '../../desired/imported-table.ts';
import type { Import } from '../../desired/import.ts';
import { diff } from '../../diff/diff.ts';
import type { ForeignTable } from '../../model/objects.ts';
import { compareNames } from '../../model/option.ts';
import type { RemoteSchema } from '../../model/remote-relation.ts';
import { canBeLaidOver, type ImportCandidate, importCandidates, likelyOptions, selectionOf } from '../../pull/imported.ts';
import type { Pulled, RecognisedSchema, UnreadRemote } from '../../pull/types.ts';
import type { Session } from '../../postgres/session.ts';
import { type Patiently, patiently } from '../../remote/patiently.ts';
import { readSchemas } from '../../remote/read-remote-schemas.ts';
import { chooseReaders } from '../../remote/reader.ts';
import type { Placed, SpecImportedSchema } from '../../spec/types.ts';
import { canonicalTables } from '../desired/canonical-tables.ts';
import { addTypes, type NamedImport } from '../desired/types.ts';
import { askRemote } from '../ask-remote.ts';
import type { Done } from '../../postgres/workers.ts';
import type { SessionPool } from '../session-pool.ts';
import type { FlowRequest } from '../types.ts';

/** What remotes say about foreign tables, and the remotes that say nothing. */
export interface Recognition {
  readonly schemas: readonly RecognisedSchema[];
  readonly unread: readonly UnreadRemote[];
}

/**
 * Recognises imported schemas: asks each remote of postgres_fdw, through its server as a plan does, what an import of it
 * would give now. Several servers at once, each in a transaction that is rolled back.
 * @param tables those that a spec can say
 * @param patience milliseconds that a remote may take to answer for the first time
 */
export async function recogniseSchemas(pool: SessionPool, pulled: Pulled, tables: readonly ForeignTable[], { progress, signal, patience }: Pick<FlowRequest, 'progress' | 'signal'> & { readonly patience: number }): Promise<Recognition> {
  const { actual } = pulled;
  const wrappers = new Set(actual.wrappers.filter(({ extension }) => extension === 'postgres_fdw').map(({ name }) => name));
  const asked = new Set(actual.servers.filter(({ wrapper }) => wrappers.has(wrapper)).map(({ name }) => name));
  const byServer = [...groupBy(importCandidates(tables.filter(({ server }) => asked.has(server))), ({ server }) => server)].sort(([a], [b]) => compareNames(a, b));
  const found = await pool.each(byServer, atOnce, async (session, [server, candidates]): Promise<Done<Recognition>> => {
    progress(`reading the remote of server ${server}`);
    const answer = await askRemote(session, server, { patience, signal }, async (how) => ofServer(session, pulled, server, candidates, how));
    if (answer.kind === 'answered') return { result: { schemas: answer.answer, unread: [] }, stuck: false };
    return { result: { schemas: [], unread: [{ server, why: answer.error.message }] }, stuck: answer.stuck };
  });
  return { schemas: found.flatMap(({ schemas }) => schemas).sort((a, b) => compareNames(a.schema, b.schema)), unread: found.flatMap(({ unread }) => unread) };
}

/** How many remotes are asked at a time. */
const atOnce = 4;

async function ofServer(session: Session, pulled: Pulled, server: string, candidates: readonly ImportCandidate[], how: Patiently): Promise<readonly RecognisedSchema[]> {
  const roles = pulled.actual.userMappings.flatMap(({ server: of, role }) => (of === server && role.kind === 'role' ? [role.name] : []));
  const schemas = candidates.flatMap(({ remoteSchema: name, tables }) => {
    const defaults = tables.some(({ columns }) => columns.some((column) => column.default !== undefined));
    // A partition is imported only where it is named.
    return [{ name, selection: { kind: 'all' } as const, defaults: false }, { name, selection: { kind: 'listed', names: tables.map((table) => table.name) } as const, defaults }];
  });
  const [reader] = await chooseReaders(session, [{ server, candidates: roles }]);
  if (reader === undefined) throw new Error('there is a reader for each request');
  const answers = await patiently(session, reader, how, async () => readSchemas(session, schemas));
  const recognised: RecognisedSchema[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const [all, listed] = [answers[index * 2], answers[index * 2 + 1]];
    if (all === undefined || listed === undefined) throw new Error(`no answer for remote schema ${candidate.remoteSchema}`);
    recognised.push(...(await recognise(session, pulled, candidate, all, listed)));
  }
  return recognised;
}

/** An imported schema, where it is right for at least half of the tables; the others are left out of its selection. */
async function recognise(session: Session, { actual }: Pulled, candidate: ImportCandidate, all: RemoteSchema, listed: RemoteSchema): Promise<readonly RecognisedSchema[]> {
  const types = await typesOf(session, actual, { schema: imported(candidate, everything, 'create'), remote: listed });
  if (types === undefined) return [];
  const local = new Map(candidate.tables.map((table) => [table.name, table]));
  const drafts = draftsOf(types.named, everything);
  const pairs = drafts.flatMap(({ table }) => {
    const given = new Map(table.columns.map((column) => [column.name, column]));
    return (local.get(table.name)?.columns ?? []).flatMap((column) => {
      const one = given.get(column.name);
      return one === undefined ? [] : [[column, one] as const];
    });
  });
  const options = likelyOptions(pairs);
  const { tables } = await canonicalTables(session, draftsOf(types.named, options));
  const matched = tables.flatMap((table) => {
    const one = local.get(table.name);
    return one !== undefined && canBeLaidOver(one, table) ? [{ actual: one, imported: table }] : [];
  });
  if (matched.length === 0 || matched.length * 2 < candidate.among) return [];
  const selection = selectionOf(matched.map((table) => table.actual.name), all.relations.map(({ name }) => name));
  return [{ schema: candidate.schema, server: candidate.server, remoteSchema: candidate.remoteSchema, selection, import: options, types: types.kind, tables: matched }];
}

function draftsOf(one: NamedImport, options: SpecImportedSchema['import']) {
  return one.remote.relations.flatMap((relation) => {
    const { draft, problems } = importedTable({ ...one.schema, import: options }, relation, one);
    return problems.length === 0 ? [draft] : [];
  });
}

const everything: SpecImportedSchema['import'] = { collate: true, default: true, generated: true, notNull: true };

/** What the remote's types are called here; created as needed where they are all here as they are there, else required. */
async function typesOf(session: Session, actual: Pulled['actual'], one: Import): Promise<{ readonly kind: 'create' | 'require'; readonly named: NamedImport } | undefined> {
  const base = { ...actual, wrappers: [], servers: [], userMappings: [], types: [], partitionedTables: [], foreignTables: [] };
  for (const kind of ['create', 'require'] as const) {
    await session.query('SAVEPOINT fdw_types');
    try {
      const { state, named } = await addTypes(session, base, actual, [{ ...one, schema: { ...one.schema, types: kind } }], () => new Secret(''));
      const [first] = named;
      if (first !== undefined && diff(state, actual, () => new Secret('')).changes.length === 0) return { kind, named: first };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    } finally {
      await session.query('ROLLBACK TO SAVEPOINT fdw_types; RELEASE SAVEPOINT fdw_types').catch(() => undefined);
    }
  }
  return undefined;
}

function imported({ schema, server, remoteSchema }: ImportCandidate, options: SpecImportedSchema['import'], types: SpecImportedSchema['types']): SpecImportedSchema {
  return { name: placed(schema), server: placed(server), remoteSchema: placed(remoteSchema), selection: { kind: 'all' }, import: options, types, select: undefined, prune: false, overrides: [] };
}

/** No spec says it yet, so it stands nowhere. */
function placed(value: string): Placed<string> {
  return { value, at: nowhere };
}

const nowhere: SourceSpan = { source: { file: '', text: '' }, line: 1, column: 1, endColumn: 2 };
