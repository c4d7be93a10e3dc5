import type { ActualState } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';
import { withCatalogPath } from './catalog-path.ts';
import { readExtensions } from './extensions.ts';
import { countForeignTablesElsewhere } from './foreign-tables-elsewhere.ts';
import { readForeignTables } from './foreign-tables.ts';
import { readOtherRelations } from './other-relations.ts';
import { readPartitionedTables } from './partitioned-tables.ts';
import { readSchemas } from './schemas.ts';
import { readServers } from './servers.ts';
import { readTypes } from './types/read-types.ts';
import { readUserMappings } from './user-mappings.ts';
import { readWrappers } from './wrappers.ts';

/** What of a database is wanted. */
export interface CatalogScope {
  /** Foreign tables and other relations are read of these schemas only; everything else is read whole. */
  readonly schemas: readonly string[];
  /** Foreign tables on these servers are read too, whatever their schema. */
  readonly servers?: readonly string[];
}

/**
 * A database's FDW objects as model. A fixed number of queries, whatever the number of objects.
 *
 * Call it inside a transaction: names come out as `withCatalogPath` makes them.
 */
export async function readCatalog(session: Session, scope: CatalogScope): Promise<ActualState> {
  return withCatalogPath(session, async () => ({
    extensions: await readExtensions(session),
    wrappers: await readWrappers(session),
    servers: await readServers(session),
    userMappings: await readUserMappings(session),
    schemas: await readSchemas(session),
    types: await readTypes(session),
    foreignTables: await readForeignTables(session, scope.schemas, scope.servers),
    partitionedTables: await readPartitionedTables(session, scope.schemas),
    otherRelations: await readOtherRelations(session, scope.schemas),
    foreignTablesElsewhere: await countForeignTablesElsewhere(session, scope.schemas, scope.servers),
    versionNum: session.facts.versionNum,
  }));
}
