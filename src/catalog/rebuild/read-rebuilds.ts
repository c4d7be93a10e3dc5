import { grantorsOf } from '../../model/acl.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { Rebuild } from '../../model/rebuild.ts';
import type { Session } from '../../postgres/session.ts';
import { roleOf } from '../acl-items.ts';
import { withCatalogPath } from '../catalog-path.ts';
import { readRelationFacts, type RelationFacts } from './facts.ts';
import { columnObstaclesOf, obstaclesOf } from './obstacles.ts';
import { sequenceOf } from './sequences.ts';
import { readServerRebuilds } from './servers.ts';
import { aclOf } from './privileges.ts';
import { checkComments, labelsOf, tableStatements, viewStatements } from './statements.ts';

/** How to make views, materialized views and what hangs on servers and foreign tables again. In a transaction; a query for each sort. */
export async function readRebuilds(session: Session, relations: readonly QualifiedName[], servers: readonly string[] = []): Promise<readonly Rebuild[]> {
  if (relations.length === 0 && servers.length === 0) return [];
  return withCatalogPath(session, async () => [...(await readServerRebuilds(session, servers)), ...(await readRelationFacts(session, relations)).map(rebuildOf)]);
}

const kinds = { v: 'view', m: 'materialized view', f: 'foreign table' } as const;

function statementsOf(facts: RelationFacts): readonly string[] {
  return facts.kind === 'f' ? tableStatements(facts) : viewStatements(facts);
}

function withoutTexts(facts: RelationFacts): RelationFacts {
  return {
    ...facts,
    definition: '',
    columns: facts.columns.map((column) => ({ ...column, default: column.default === null ? null : '' })),
    parts: facts.parts.map((part) => ({ ...part, definition: `${part.what} ${part.name}` })),
  };
}

function rebuildOf(facts: RelationFacts): Rebuild {
  return {
    schema: facts.schema,
    name: facts.name,
    kind: kinds[facts.kind],
    statements: statementsOf(facts),
    shape: statementsOf(withoutTexts(facts)),
    acl: facts.kind === 'f' ? aclOf(facts, facts.columns) : undefined,
    sequences: facts.sequences.map(sequenceOf),
    notNulls: facts.notNulls.map(({ above: _, comment, ...notNull }) => ({ ...notNull, comment: comment ?? undefined })),
    storages: facts.storages,
    labels: facts.kind === 'f' ? labelsOf(facts) : [],
    grantors: facts.kind === 'f' ? [] : grantorsOf(aclOf(facts, facts.columns)),
    filled: facts.kind === 'm' && facts.populated,
    favoured: facts.kind === 'f' ? facts.favoured.map(roleOf) : [],
    checkComments: checkComments(facts),
    obstacles: obstaclesOf(facts),
    columnObstacles: columnObstaclesOf(facts),
    uses: facts.uses,
    reads: facts.reads,
  };
}
