import { withEdits } from '../../base/edits.ts';
import { tokens } from '../queries/lexer.ts';
import { unquote } from '../plan/relations.ts';
import { consumers } from '../plan/flow.ts';
import type { Flow } from '../plan/flow.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './finding.ts';
import { isPartitionAppend } from './set-operations.ts';

/**
 * The same clause over each partition is one clause of the user: the first one stands for all, with the
 * partitions' aliases (`events_1`, `events_2`) replaced by that of the table.
 */
export function mergePartitions(context: PlanContext, findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<Flow, Set<string>>();
  return findings.flatMap((finding) => {
    const append = appendOf(context, finding.at);
    if (append === undefined) return [finding];
    const text = withoutPartition(finding.text, finding.at);
    const known = seen.get(append) ?? new Set<string>();
    seen.set(append, known);
    const key = `${finding.kind}\0${finding.runs}\0${text}`;
    if (known.has(key)) return [];
    known.add(key);
    return [{ ...finding, text, printed: finding.text }];
  });
}

/** The Append of partitions that takes this flow's rows; for direct writes, the ModifyTable. */
function appendOf(context: PlanContext, flow: Flow): Flow | undefined {
  for (const above of consumers(flow)) {
    const { type } = above.node;
    if ((type === 'Append' || type === 'Merge Append') && isPartitionAppend(context, above)) return above;
    if (type === 'ModifyTable' && above.node.targets.length > 0) return above;
  }
  return undefined;
}

/** A text of a scan with the partition's alias, `events_1`, as that of its table. */
export function withoutPartition(text: string, flow: Flow): string {
  const alias = flow.node.relation?.alias;
  const table = alias === undefined ? undefined : tableAlias(alias);
  if (alias === undefined || table === undefined) return text;
  const named = [...tokens(text)].filter(({ start, end }) => text.charAt(end) === '.' && unquote(text.slice(start, end)) === alias);
  return withEdits(text, named.map(({ start, end }) => ({ start, end, text: table })));
}

/** Whether a scan reads a partition under an alias that the planner made up. */
export function isNumbered({ node: { relation } }: Flow): boolean {
  return relation !== undefined && relation.alias !== relation.name && tableAlias(relation.alias) !== undefined;
}

/** `events_2` to `events`: the planner numbers the aliases of partitions (get_rte_attribute_name's set_rtable_names). */
function tableAlias(alias: string): string | undefined {
  const at = alias.lastIndexOf('_');
  const digits = alias.slice(at + 1);
  return at > 0 && digits !== '' && [...digits].every((digit) => digit >= '0' && digit <= '9') ? alias.slice(0, at) : undefined;
}
