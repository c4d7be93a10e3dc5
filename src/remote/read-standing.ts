import { Derived, Shared } from '../base/shared.ts';
import { compareQualified, nameKey, type QualifiedName } from '../model/name.ts';
import { readableKinds, type Standing, type StandingColumn, type StandingRelation } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';
import type { RemoteTypeUse } from '../model/remote-type.ts';
import { findColumns, type FoundColumn } from './columns.ts';
import { findConstraints } from './constraints.ts';
import { type Patiently, patiently } from './patiently.ts';
import type { Reader } from './reader.ts';
import { findStanding, findStrays, type StandingEntry } from './standing-relations.ts';
import { standingTypes } from './standing-types.ts';
import { findCollations } from './types/collations.ts';
import { findTypes, type FoundType } from './types/find-types.ts';
import { findDenied, type Wanted } from './privileges.ts';

export interface StandingRequest extends Patiently {
  /** The relations that foreign tables point to. */
  readonly relations: readonly Wanted[];
}

/** Gone relations beyond that are not looked for under other names. */
const mostStrays = 2000;

/**
 * What stands behind a server, of the relations asked for. A fixed number of queries, whatever their number: fifteen, and two more where
 * one has gone. What it opens is closed again; see `readRemoteSchemas` for what stays.
 *
 * @param session in a read-write transaction that the caller has opened
 * @throws UserError `remote-…` that names the server
 */
export async function readStanding(session: Session, reader: Reader, request: StandingRequest): Promise<Standing> {
  return patiently(session, reader, request, async (settings) => {
    const read = await readRelations(session, request.relations);
    const { denied, unknown } = await findDenied(session, reader, request.relations.flatMap((wanted) => existing(wanted, read.relations)));
    return { ...settings, ...read, denied, maybeDenied: unknown };
  });
}

/** A relation that is there, with those of its columns that are. */
function existing(wanted: Wanted, relations: Standing['relations']): readonly Wanted[] {
  const relation = relations.get(nameKey(wanted));
  if (relation === undefined || !readableKinds.has(relation.kind)) return [];
  const known = new Set(relation.columns.map(({ name }) => name));
  return [{ ...wanted, columns: wanted.columns.filter((name) => known.has(name)) }];
}

async function readRelations(session: Session, wanted: readonly QualifiedName[]): Promise<Pick<Standing, 'schemas' | 'relations' | 'strays' | 'types'>> {
  const found = await findStanding(session, [...new Set(wanted.map(({ schema }) => schema))]);
  const entries = new Map(found.relations.map((entry) => [nameKey(entry), entry]));
  const asked = new Set(wanted.map(nameKey));
  const standing = [...asked].flatMap((key) => entries.get(key) ?? []);
  const gone = wanted.filter((name) => !entries.has(nameKey(name)));
  const unclaimed = found.relations.filter((entry) => readableKinds.has(entry.kind) && !asked.has(nameKey(entry)));
  const strays = gone.length === 0 ? [] : [...unclaimed, ...(await findStrays(session, gone))].slice(0, mostStrays);
  const every = [...standing, ...strays];
  const details = await readDetails(session, every);
  return {
    schemas: found.schemas,
    relations: new Map(standing.map((entry) => [nameKey(entry), details.relation(entry)])),
    strays: strays.map(details.relation).sort(compareQualified),
    types: details.types,
  };
}

interface Details {
  readonly relation: (entry: StandingEntry) => StandingRelation;
  readonly types: Standing['types'];
}

/** Columns, constraints and types of the relations. */
async function readDetails(session: Session, entries: readonly StandingEntry[]): Promise<Details> {
  const oids = entries.map(({ oid }) => oid);
  const columns = await findColumns(session, oids);
  const all = [...columns.values()].flat();
  const constraints = await findConstraints(session, oids);
  const found = await findTypes(session, [...new Set(all.map(({ type }) => type))]);
  const collations = await findCollations(session, [...new Set(all.map(({ collation }) => collation).filter((oid) => oid !== 0))]);
  const uses = new Shared<RemoteTypeUse>();
  const use = ({ type, typmod }: FoundColumn): RemoteTypeUse => uses.get(`${type} ${typmod}`, () => typeUse(type, typmod, found));
  const standing = new Derived((column: FoundColumn) => standingColumn(column, use(column), collations));
  return {
    types: standingTypes(found),
    relation: ({ oid, schema, name, kind, size }) => ({
      schema,
      name,
      kind,
      size,
      columns: (columns.get(oid) ?? []).map((column) => {
        const kept = standing.of(column);
        return constraints.unvalidated.has(`${oid} ${column.position}`) ? { ...kept, notNull: false } : kept;
      }),
      checks: constraints.checks.get(oid) ?? [],
    }),
  };
}

function typeUse(oid: number, typmod: number, types: ReadonlyMap<number, FoundType>): RemoteTypeUse {
  const found = types.get(oid);
  // Only a remote that changes its catalogs within one snapshot could do this.
  if (found === undefined) throw new Error(`the remote has no type ${oid}`);
  const { type, array, builtinOid } = found;
  return { schema: type.schema, name: type.name, array, typmod, builtinOid, extension: type.extension };
}

function standingColumn(column: FoundColumn, type: RemoteTypeUse, collations: ReadonlyMap<number, QualifiedName>): StandingColumn {
  return {
    name: column.name,
    position: column.position,
    type,
    notNull: column.notNull,
    collation: collations.get(column.collation),
    computed: column.computed,
  };
}
