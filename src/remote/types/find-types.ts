import type { QualifiedName } from '../../model/name.ts';
import type { RemoteType, RemoteTypeBody, RemoteTypeUse } from '../../model/remote-type.ts';
import type { Session } from '../../postgres/session.ts';
import { findChecks, type FoundChecks } from './checks.ts';
import { findCollations } from './collations.ts';
import { findComposites, type FoundComposite } from './composites.ts';
import { findExtensions } from './extensions.ts';
import { findHeaders, type TypeHeader } from './headers.ts';
import { findLabels } from './labels.ts';
import { findRanges, type FoundRange } from './ranges.ts';

/**
 * OIDs below 10000 are assigned by hand and never change meaning (FirstGenbkiObjectId,
 * src/include/access/transam.h); postgres_fdw itself takes them for the same everywhere (`is_builtin`, shippable.c).
 */
const firstUnfixedOid = 10000;

/** A type of the remote, told apart from arrays of it. */
export interface FoundType {
  /** The type itself or, of an array, its element. */
  readonly type: RemoteType;
  readonly array: boolean;
  /** Of the type or of the array itself; undefined where it means nothing elsewhere. */
  readonly builtinOid: number | undefined;
  /** The OIDs of the types that it is made of. */
  readonly parts: readonly number[];
}

/** What the catalogs of the remote say of types, by OID. */
interface Found {
  readonly headers: Map<number, TypeHeader>;
  readonly extensions: Map<number, string>;
  readonly labels: Map<number, readonly string[]>;
  readonly checks: Map<number, FoundChecks>;
  readonly composites: Map<number, FoundComposite>;
  readonly ranges: Map<number, FoundRange>;
  readonly collations: Map<number, QualifiedName>;
}

/**
 * What the OIDs of types mean on the remote, and the types that these are made of. At most eight queries for each
 * level of nesting, whatever the number of types; one level without domains, composites and ranges.
 * @returns by OID, arrays by the array's own
 */
export async function findTypes(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, FoundType>> {
  const found: Found = { headers: new Map(), extensions: new Map(), labels: new Map(), checks: new Map(), composites: new Map(), ranges: new Map(), collations: new Map() };
  for (let wanted = oids; wanted.length > 0; ) {
    const level = await findHeaders(session, wanted);
    for (const header of level) found.headers.set(header.oid, header);
    await findBodies(session, level, found);
    wanted = distinct(level.flatMap((header) => partsOf(header, found))).filter((oid) => !found.headers.has(oid));
  }
  add(found.collations, await findCollations(session, distinct([...found.headers.values()].flatMap((header) => collationsOf(header, found)))));
  return new Map([...found.headers.values()].map((header) => [header.oid, foundType(header, found)]));
}

/** Asks what the types of one level are made of. */
async function findBodies(session: Session, level: readonly TypeHeader[], found: Found): Promise<void> {
  const fresh = level.filter(({ base }) => base >= firstUnfixedOid);
  const bases = (of: readonly TypeHeader[]): readonly number[] => distinct(of.map(({ base }) => base));
  add(found.extensions, await findExtensions(session, bases(fresh)));
  const own = fresh.filter(({ base }) => !found.extensions.has(base));
  const ofKind = (...kinds: readonly TypeHeader['kind'][]): readonly TypeHeader[] => own.filter(({ kind }) => kinds.includes(kind));
  add(found.labels, await findLabels(session, bases(ofKind('enum'))));
  add(found.checks, await findChecks(session, bases(ofKind('domain'))));
  add(found.composites, await findComposites(session, distinct(ofKind('composite').map(({ relation }) => relation))));
  add(found.ranges, await findRanges(session, bases(ofKind('range', 'multirange'))));
}

function partsOf(header: TypeHeader, found: Found): readonly number[] {
  if (header.base < firstUnfixedOid || found.extensions.has(header.base)) return [];
  switch (header.kind) {
    case 'domain':
      return [header.below];
    case 'composite':
      return (found.composites.get(header.relation)?.columns ?? []).map(({ type }) => type);
    case 'range':
      return [found.ranges.get(header.base)?.subtype ?? []].flat();
    case 'multirange':
      return [found.ranges.get(header.base)?.range ?? []].flat();
    case 'base':
    case 'enum':
      return [];
  }
}

function collationsOf({ kind, relation, collation, base }: TypeHeader, { composites, ranges }: Found): readonly number[] {
  const own = kind === 'domain' ? [collation] : [];
  const within = (composites.get(relation)?.columns ?? []).map((column) => column.collation);
  return [...own, ...within, ranges.get(base)?.collation ?? 0].filter((oid) => oid !== 0);
}

function foundType(header: TypeHeader, found: Found): FoundType {
  const { base, oid, array, schema, name } = header;
  const extension = found.extensions.get(base);
  const body: RemoteTypeBody = extension === undefined && base >= firstUnfixedOid ? bodyOf(header, found) : { kind: 'base' };
  return {
    type: { schema, name, extension, ...body },
    array,
    builtinOid: oid < firstUnfixedOid ? oid : undefined,
    parts: partsOf(header, found),
  };
}

function bodyOf(header: TypeHeader, found: Found): RemoteTypeBody {
  const use = (oid: number, typmod = -1): RemoteTypeUse => partUse(oid, typmod, found);
  const { kind, base, relation } = header;
  switch (kind) {
    case 'base':
      return { kind };
    case 'enum':
      return { kind, labels: found.labels.get(base) ?? [] };
    case 'domain': {
      const { checks, hidden } = found.checks.get(base) ?? { checks: [], hidden: [] };
      const { below, typmod, collation, notNull, fallback } = header;
      return { kind, base: use(below, typmod), collation: found.collations.get(collation), notNull, default: fallback, checks, hiddenChecks: hidden };
    }
    case 'composite': {
      const { rowType, columns } = found.composites.get(relation) ?? { rowType: true, columns: [] };
      const attributes = columns.map(({ name, type, typmod, collation }) => ({ name, type: use(type, typmod), collation: found.collations.get(collation) }));
      return { kind, rowType, attributes };
    }
    case 'range':
    case 'multirange': {
      const range = found.ranges.get(base);
      if (range === undefined) return { kind: 'base' };
      if (kind === 'multirange') return { kind, range: use(range.range) };
      const { subtype, collation, opclass, canonical, subdiff, multirange } = range;
      return { kind, subtype: use(subtype), opclass, collation: found.collations.get(collation), canonical, subdiff, multirange };
    }
  }
}

function partUse(oid: number, typmod: number, { headers, extensions }: Found): RemoteTypeUse {
  const header = headers.get(oid);
  // Only a remote that changes its catalogs within one snapshot could do this.
  if (header === undefined) throw new Error(`the remote has no type ${oid}`);
  const { schema, name, array, base } = header;
  return { schema, name, array, typmod, builtinOid: oid < firstUnfixedOid ? oid : undefined, extension: extensions.get(base) };
}

function add<Value>(to: Map<number, Value>, from: ReadonlyMap<number, Value>): void {
  for (const [oid, value] of from) to.set(oid, value);
}

function distinct(oids: readonly number[]): readonly number[] {
  return [...new Set(oids)];
}
