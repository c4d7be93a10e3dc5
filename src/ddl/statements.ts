import type { Change } from '../model/change.ts';
import type { FdwObject } from '../model/objects.ts';
import { ident } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { alterColumnComments, alterColumnGrants, createColumnFacets } from './column-facets.ts';
import { drop } from './drop.ts';
import { alterExtension, createExtension } from './extension.ts';
import { alterFacets, createFacets } from './facets.ts';
import { alterForeignTable, createForeignTable } from './foreign-table.ts';
import { alterPartitionedTable, attachPartition, createPartitionedTable } from './partitioned-table.ts';
import { alterServer, createServer } from './server.ts';
import { alterType, createType } from './types.ts';
import { alterUserMapping, createUserMapping } from './user-mapping.ts';
import { alterWrapper, createWrapper } from './wrapper.ts';

/** A change as SQL, in the order in which the statements must run. */
export function statementsFor(change: Change): readonly Statement[] {
  switch (change.action) {
    case 'create':
      return create(change.object);
    case 'replace':
      return [drop(change.before), ...create(change.after)];
    case 'update':
      return update(change);
    case 'drop':
      return [drop(change.object)];
  }
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
      return createType(object);
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
      return alterType(change);
    case 'partitioned-table':
      return [...alterPartitionedTable(change.after, change.columns, change.detach), ...alterFacets(change.after, change.facets), ...alterColumnComments(change.after, change.columns)];
    case 'foreign-table':
      return [
        ...alterForeignTable(change.after, change),
        ...alterFacets(change.after, change.facets),
        ...alterColumnComments(change.after, change.columns),
        ...alterColumnGrants(change.after, change.columnGrants),
        ...(change.attach === undefined ? [] : [attachPartition(change.after, change.attach)]),
      ];
  }
}
