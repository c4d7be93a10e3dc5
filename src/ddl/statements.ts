import type { Change, ServerReplacement } from '../model/change.ts';
import type { FdwObject, ForeignTable, UserMapping } from '../model/objects.ts';
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

/**
 * A change as SQL, in the order in which the statements must run.
 * @param onceMade what must follow the CREATE of a table that is replaced, before anything is granted
 */
export function statementsFor(change: Change, onceMade: (table: ForeignTable) => readonly Statement[] = () => []): readonly Statement[] {
  const leave = 'leave' in change ? (change.leave ?? []) : [];
  const aside = 'aside' in change ? (change.aside ?? []) : [];
  return [...leave.map(leaveParent), ...aside.map(stepAside), ...ownStatements(change, onceMade), ...aside.map(stepBack)];
}

function ownStatements(change: Change, onceMade: (table: ForeignTable) => readonly Statement[]): readonly Statement[] {
  switch (change.action) {
    case 'create':
      return create(change.object);
    case 'replace':
      return change.kind === 'server' ? replaceServer(change, onceMade) : [drop(asFound(change.before)), ...createTable(change.after, onceMade(change.after))];
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
function replaceServer({ before, after, gone, back }: ServerReplacement, onceMade: (table: ForeignTable) => readonly Statement[]): readonly Statement[] {
  const tables = (of: ServerReplacement['gone']): readonly ForeignTable[] => of.filter((object) => object.kind === 'foreign-table');
  const mappings = (of: ServerReplacement['gone']): readonly UserMapping[] => of.filter((object) => object.kind === 'user-mapping');
  return [
    ...(before.renamedFrom === undefined ? [] : [renameServer(before.renamedFrom, after.name)]),
    ...tables(gone).map((table) => drop(asFound(table))),
    ...mappings(gone).map(drop),
    drop(after),
    ...create(after),
    ...mappings(back).flatMap(createUserMapping),
    ...tables(back).flatMap((table) => createTable(table, onceMade(table))),
  ];
}

function createTable(table: ForeignTable, onceMade: readonly Statement[] = []): readonly Statement[] {
  return [...createForeignTable(table), ...onceMade, ...createFacets(table), ...createColumnFacets(table)];
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
      return createTable(object);
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
