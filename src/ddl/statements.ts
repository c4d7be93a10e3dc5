import type { Change, ServerReplacement } from '../model/change.ts';
import type { Column } from '../model/column.ts';
import type { FdwObject, ForeignTable, Server, UserMapping } from '../model/objects.ts';
import { ident } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { alterColumnComments, alterColumnGrants, createColumnFacets } from './column-facets.ts';
import { drop } from './drop.ts';
import { alterExtension, createExtension } from './extension.ts';
import { alterFacets, createFacets } from './facets.ts';
import { alterForeignTable, createForeignTable } from './foreign-table.ts';
import { joinParents, leaveParent, stepAside, stepBack } from './parents.ts';
import { alterPartitionedTable, createPartitionedTable } from './partitioned-table.ts';
import { alterServer, createServer, renameServer } from './server.ts';
import { alterType, createType } from './types.ts';
import { alterUserMapping, createUserMapping } from './user-mapping.ts';
import { alterWrapper, createWrapper } from './wrapper.ts';

/** What the model of an object that is made again does not hold. */
export interface Again {
  /** By column, what its definition has to say otherwise: `onceMade` says the rest. */
  readonly columns: ReadonlyMap<string, Partial<Column>>;
  /** Whether a partition is made by itself and attached, for PARTITION OF would make another one of it. */
  readonly attach: boolean;
  /** What must follow its CREATE, before anything is granted. */
  readonly onceMade: readonly Statement[];
  /** What gives it all its grants, those of the model too. */
  readonly grants: readonly Statement[];
}

type AgainOf = (object: ForeignTable | Server) => Again | undefined;

/**
 * A change as SQL, in the order in which the statements must run.
 * @param again of a server and tables that are replaced
 */
export function statementsFor(change: Change, again: AgainOf = () => undefined): readonly Statement[] {
  const leave = 'leave' in change ? (change.leave ?? []) : [];
  const aside = 'aside' in change ? (change.aside ?? []) : [];
  return [...leave.map(leaveParent), ...aside.map(stepAside), ...ownStatements(change, again), ...aside.map(stepBack)];
}

function ownStatements(change: Change, again: AgainOf): readonly Statement[] {
  switch (change.action) {
    case 'create':
      return create(change.object);
    case 'replace':
      return change.kind === 'server' ? replaceServer(change, again) : [drop(asFound(change.before)), ...createAgain(change.after, again(change.after))];
    case 'update':
      return update(change);
    case 'drop':
      return [drop(change.object)];
  }
}

/** Under its former name where it still has that. */
function asFound(table: ForeignTable): ForeignTable {
  return { ...table, ...table.renamedFrom };
}

/** Nothing may be on a server that is dropped. A former name goes first, so that all else has one name. */
function replaceServer({ before, after, gone, back }: ServerReplacement, again: AgainOf): readonly Statement[] {
  const tables = (of: ServerReplacement['gone']): readonly ForeignTable[] => of.filter((object) => object.kind === 'foreign-table');
  const mappings = (of: ServerReplacement['gone']): readonly UserMapping[] => of.filter((object) => object.kind === 'user-mapping');
  return [
    ...(before.renamedFrom === undefined ? [] : [renameServer(before.renamedFrom, after.name)]),
    ...tables(gone).map((table) => drop(asFound(table))),
    ...mappings(gone).map(drop),
    drop(after),
    ...createAgain(after, again(after)),
    ...mappings(back).flatMap(createUserMapping),
    ...tables(back).flatMap((table) => createAgain(table, again(table))),
  ];
}

function createAgain(object: ForeignTable | Server, again: Again | undefined): readonly Statement[] {
  if (again === undefined) return create(object);
  if (object.kind === 'server') return [...createServer(object), ...again.onceMade, ...createFacets({ ...object, grants: undefined }), ...again.grants];
  const columns = object.columns.map((column) => ({ ...column, ...again.columns.get(column.name) }));
  const bare = { ...object, columns, grants: undefined, columnGrants: undefined, ...(again.attach ? { madeByParent: undefined } : {}) };
  return [...createForeignTable(bare), ...again.onceMade, ...createFacets(bare), ...createColumnFacets(bare), ...again.grants];
}

function create(object: FdwObject): readonly Statement[] {
  switch (object.kind) {
    case 'extension':
      return createExtension(object);
    case 'wrapper':
      return [...createWrapper(object), ...createFacets(object)];
    case 'server':
      return [...createServer(object), ...createFacets(object)];
    case 'user-mapping':
      return createUserMapping(object);
    case 'schema':
      return [statement(`CREATE SCHEMA ${ident(object.name)}`), ...createFacets(object)];
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return [...createType(object), ...createFacets(object)];
    case 'partitioned-table':
      return [...createPartitionedTable(object), ...createFacets(object), ...createColumnFacets(object)];
    case 'foreign-table':
      return [...createForeignTable(object), ...createFacets(object), ...createColumnFacets(object)];
  }
}

function update(change: Extract<Change, { action: 'update' }>): readonly Statement[] {
  switch (change.kind) {
    case 'extension':
      return alterExtension(change.before, change.after);
    case 'wrapper':
      return [...alterWrapper(change.before, change.after, change.options), ...alterFacets(change.after, change.facets)];
    case 'server':
      return [...alterServer(change.before, change.after, change.options), ...alterFacets(change.after, change.facets)];
    case 'schema':
      return alterFacets(change.after, change.facets);
    case 'user-mapping':
      return alterUserMapping(change.after, change.options);
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return [...alterType(change), ...alterFacets(change.after, change.facets)];
    case 'partitioned-table':
      return [...alterPartitionedTable(change.after, change.columns, change.detach), ...alterFacets(change.after, change.facets), ...alterColumnComments(change.after, change.columns)];
    case 'foreign-table':
      return [
        ...alterForeignTable(change.after, change),
        ...alterFacets(change.after, change.facets),
        ...alterColumnComments(change.after, change.columns),
        ...alterColumnGrants(change.after, change.columnGrants),
        ...joinParents(change.after, { inherits: [...(change.inherit ?? []), ...(change.inheritAgain ?? [])], partitionOf: change.attach }),
      ];
  }
}
