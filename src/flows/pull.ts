import type { Problem } from '../base/spec-error.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { placeAmong, type PartitionOf } from '../model/partitioned-table.ts';
import type { Session } from '../postgres/session.ts';
import type { Pulled, PullFilter, WrittenSpec } from '../pull/types.ts';
import { selectObjects } from '../pull/select.ts';
import { divide } from '../pull/unsaid.ts';
import { writeSpec } from '../pull/write-spec.ts';
import { atOneMoment } from './at-one-moment.ts';
import { openLocalDatabase } from './local-database.ts';
import { readFacts, schemasWithForeignTables } from './pull/read-facts.ts';
import { readPartitionFacts } from './pull/read-partitions.ts';
import { recogniseSchemas } from './pull/recognise.ts';
import { sessionPool } from './session-pool.ts';
import type { FlowRequest } from './types.ts';

export type PullRequest = Pick<FlowRequest, 'database' | 'env' | 'progress' | 'signal'> & {
  readonly filter: PullFilter;
  /** Whether remotes are asked, to recognise imported schemas. */
  readonly askRemotes: boolean;
  /** Milliseconds that a remote may take to answer for the first time. */
  readonly patience?: number;
};

export interface PullResult extends WrittenSpec {
  /** What the user should know about the connection though it is no error. */
  readonly warnings: readonly Problem[];
}

/**
 * Writes a spec from what the local database has: from its catalogs, and from what its remotes say of tables that may have been imported.
 * @throws UserError `unknown-server`, `unknown-schema`; connection errors
 */
export async function pullSpec({ database, env, progress, signal, filter, askRemotes, patience = 15_000 }: PullRequest): Promise<PullResult> {
  progress('connecting to the local database');
  const local = await openLocalDatabase({ flag: database, spec: undefined, env, signal });
  const pool = sessionPool(local, signal);
  try {
    progress('reading the catalogs');
    const read = await readPulled(local.session);
    const wanted = divide(selectObjects(read, filter), read).tables;
    const { schemas: recognised, unread } = askRemotes ? await recogniseSchemas(pool, read, wanted, { progress, signal, patience }) : { schemas: [], unread: [] };
    return { ...writeSpec({ ...read, recognised, unread }, filter), warnings: local.warnings };
  } finally {
    await pool.close();
  }
}

/** The local database as one snapshot shows it. */
async function readPulled(session: Session): Promise<Pulled> {
  return atOneMoment(session, async () => {
    const schemas = await schemasWithForeignTables(session);
    const [me] = await session.query<{ role: string }>('SELECT current_user::text AS role');
    const actual = await readCatalog(session, { schemas });
    const partitions = await readPartitionFacts(session, actual.partitionedTables ?? [], actual.foreignTables.flatMap((table) => placesOf(table)));
    return { actual, facts: { ...(await readFacts(session, schemas)), partitions }, role: me?.role ?? '', recognised: [], unread: [] };
  });
}

/** The table as a partition; nothing where it is none. */
function placesOf({ schema, name, partitionOf }: ForeignTable): readonly (QualifiedName & PartitionOf)[] {
  const place = placeAmong(partitionOf);
  return place === undefined ? [] : [{ ...place, schema, name }];
}
