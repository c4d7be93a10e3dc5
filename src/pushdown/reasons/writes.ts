import type { Finding } from '../clauses/finding.ts';
import { routedServers, writeTargets } from '../clauses/writes.ts';
import type { Flow } from '../plan/flow.ts';
import { consumers, everyFlow } from '../plan/flow.ts';
import type { PlanRelation } from '../plan/node.ts';
import type { Reason } from '../types.ts';
import { belowOf, filterReasons, scanName } from './below.ts';
import type { FoundQuery } from './explain-clauses.ts';

/** Why an UPDATE or DELETE goes row by row (postgresPlanDirectModify and make_modifytable, 14 to 18). */
export function rowByRowReasons(found: FoundQuery, finding: Finding): readonly Reason[] {
  const { context } = found.plan;
  const write = finding.at;
  const verb = finding.kind === 'update' ? 'UPDATE' : 'DELETE';
  const below = belowOf(context, write);
  const reasons: Reason[] = [
    { id: 'row-by-row-write', subject: finding.text, message: `the rows are fetched and locked first, then each is sent an ${verb} of its own`.replace('an DELETE', 'a DELETE') },
  ];
  reasons.push(...lockReasons(found, write));
  for (const relation of writeTargets(write).flatMap((target) => target.relation ?? [])) {
    const facts = context.factsOf(relation);
    const name = `${relation.schema}.${relation.name}`;
    for (const trigger of facts?.rowTriggers ?? []) {
      reasons.push({ id: 'row-trigger', subject: `${trigger} on ${name}`, message: `the row trigger ${trigger} on ${name} must see each row here` });
    }
    if (facts !== undefined && facts.generatedColumns.length > 0) {
      const columns = facts.generatedColumns.join(', ');
      reasons.push({ id: 'generated-column', subject: `${name}.${columns}`, message: `${name} has the generated column ${columns}, computed here for each row` });
    }
  }
  if (finding.kind === 'update') {
    const [checked] = found.opened.views.filter((view) => view.checkOption);
    if (checked !== undefined) {
      const name = `${checked.schema}.${checked.name}`;
      reasons.push({ id: 'check-option', subject: name, message: `${name} has a CHECK OPTION, which is checked here for each row` });
    }
  }
  if (found.opened.shape.returningOldOrNew) {
    reasons.push({ id: 'returning-old-new', subject: 'RETURNING old, new', message: 'what RETURNING takes from old or new is known here only when each row is written by itself' });
  }
  if (found.opened.shape.multiAssignment) {
    reasons.push({ id: 'multi-assignment', subject: 'SET (…) = (SELECT …)', message: 'an assignment of several columns from one sub-select is not sent' });
  }
  reasons.push(...filterReasons(context, below));
  const join = below.operations.find((flow) => !found.sendable.has(flow));
  if (join !== undefined) reasons.push({ id: 'local-operation-below', subject: 'the join', message: 'which rows to write is decided by a join that runs here' });
  return reasons;
}

/** Scans below a write that lock more rows than it writes. */
function lockReasons(found: FoundQuery, write: Flow): readonly Reason[] {
  const { context } = found.plan;
  return everyFlow(write).flatMap((flow) => {
    if (flow.node.type !== 'Foreign Scan') return [];
    const scan = context.scan(flow);
    if (scan.remote?.lock === undefined || scan.remote.filters.length > 0) return [];
    if (flow.node.filter === undefined && belowOf(context, write).operations.length === 0) return [];
    const name = scanName(context, flow);
    return [{ id: 'locks-unfiltered', subject: name, message: `its Remote SQL has no condition: every row of ${name} is locked on the remote until the transaction ends` }];
  });
}

/** What is worth knowing of an INSERT, which is always sent. */
export function insertReasons(found: FoundQuery, finding: Finding): readonly Reason[] {
  const { context } = found.plan;
  const routed = routedServers(context, finding.at);
  if (routed.length > 0) {
    return [{ id: 'routed-insert', subject: routed.join(', '), message: `rows are routed to partitions on ${routed.join(', ')}; EXPLAIN does not show how` }];
  }
  const rows = finding.at.inputs.reduce((sum, input) => sum + input.node.rows, 0);
  const single = writeTargets(finding.at).filter((target) => target.remoteSql !== undefined && (target.batchSize ?? 1) === 1);
  if (rows <= 1 || single.length === 0) return [];
  return [{ id: 'unbatched-insert', subject: finding.text, message: `each row is an INSERT of its own, and a round trip: ${whyUnbatched(found, single.flatMap(({ relation }) => relation ?? []))}` }];
}

/** What keeps batches from being made (postgresGetForeignModifyBatchSize, 14 to 18). */
function whyUnbatched(found: FoundQuery, relations: readonly PlanRelation[]): string {
  const facts = relations.flatMap((relation) => found.plan.context.factsOf(relation) ?? []);
  const [trigger] = facts.flatMap((each) => each.rowTriggers);
  const [checked] = found.opened.views.filter((view) => view.checkOption);
  const causes = [
    ...(facts.some((each) => each.batchSize === 1) ? ['batch_size is 1'] : []),
    ...(found.opened.shape.returning ? ['RETURNING forbids batches'] : []),
    ...(trigger === undefined ? [] : [`the row trigger ${trigger} forbids batches`]),
    ...(checked === undefined ? [] : [`the CHECK OPTION of ${checked.schema}.${checked.name} forbids batches`]),
  ];
  return causes.length === 0 ? 'something forbids batches' : causes.join(', ');
}

/** What is worth knowing of a lock that is sent. */
export function lockNotes(found: FoundQuery, finding: Finding): readonly Reason[] {
  const { context } = found.plan;
  const reasons: Reason[] = found.opened.shape.lockWords.map((words) => ({
    id: 'lock-strength',
    subject: words,
    message: words.startsWith('FOR') ? `${words} becomes ${context.scan(finding.at).remote?.lock ?? 'FOR UPDATE'} on the remote` : `${words} is not sent: the remote waits for locked rows`,
  }));
  const scan = context.scan(finding.at);
  const dropped = finding.at.node.filter !== undefined || [...consumers(finding.at)].some(({ node }) => node.type === 'Nested Loop' || node.type.endsWith('Join'));
  if (dropped && scan.remote?.filters.length === 0) {
    const name = scanName(context, finding.at);
    reasons.push({ id: 'locks-unfiltered', subject: name, message: `its Remote SQL has no condition: every row of ${name} is locked on the remote until the transaction ends` });
  }
  return reasons;
}
