import { nameKey } from '../../model/name.ts';
import type { FactsOf, RelationFacts, ServerFacts } from '../facts/relations.ts';
import type { Parser } from '../parser.ts';
import type { Flow } from '../plan/flow.ts';
import type { PlanRelation } from '../plan/node.ts';
import { everyPart, nameOf } from '../oracle/expression.ts';
import { readRelations } from '../plan/relations.ts';
import { readRemoteSql } from '../plan/remote-sql.ts';
import type { RemoteWork } from '../plan/remote-sql.ts';
import { withoutInitPlans, withoutSubPlans } from '../plan/sub-plans.ts';
import type { QueryShape } from '../queries/shape.ts';

/** A Foreign Scan, read as far as it can be. */
export interface ForeignScan {
  readonly flow: Flow;
  readonly relations: readonly PlanRelation[];
  readonly facts: readonly RelationFacts[];
  readonly server: ServerFacts | undefined;
  readonly joins: readonly string[];
  readonly aggregate: boolean;
  /** undefined: no Remote SQL, or not readable (another wrapper). */
  readonly remote: RemoteWork | undefined;
}

/** What all clause finders see. */
export interface PlanContext {
  readonly root: Flow;
  readonly shape: QueryShape;
  readonly parser: Parser;
  readonly factsOf: FactsOf;
  /** The Foreign Scan of a flow whose node is one. */
  readonly scan: (flow: Flow) => ForeignScan;
}

export function makeContext(root: Flow, shape: QueryShape, parser: Parser, factsOf: FactsOf): PlanContext {
  const scans = new Map<Flow, ForeignScan>();
  const scan = (flow: Flow): ForeignScan => {
    const known = scans.get(flow);
    if (known !== undefined) return known;
    const read = readScan(flow, parser, factsOf);
    scans.set(flow, read);
    return read;
  };
  return { root, shape, parser, factsOf, scan };
}

function readScan(flow: Flow, parser: Parser, factsOf: FactsOf): ForeignScan {
  const { node } = flow;
  const named = node.relations === undefined ? undefined : readRelations(node.relations);
  const relations = node.relation !== undefined ? [node.relation] : (named?.relations ?? writtenRelation(flow));
  const facts = relations.flatMap((relation) => factsOf(relation) ?? []);
  const remote = node.remoteSql === undefined ? undefined : readRemoteSql(parser, node.remoteSql);
  return {
    flow,
    relations,
    facts,
    server: facts.find((each) => each.server !== undefined)?.server,
    joins: named?.joins ?? (remote?.joins === true ? ['INNER'] : []),
    aggregate: named?.aggregate ?? false,
    remote,
  };
}

/** A direct write that joins names no relation at all: it is the one that the ModifyTable above writes. */
function writtenRelation(flow: Flow): readonly PlanRelation[] {
  let above = flow.parent;
  while (above !== undefined && above.node.type !== 'ModifyTable') above = above.parent;
  if (above === undefined) return [];
  const { node } = above;
  if (node.targets.length === 0) return node.relation === undefined ? [] : [node.relation];
  const written = node.targets.flatMap((target) => target.relation ?? []);
  return written.length === 1 ? written : [];
}

/** The relations behind the rows of a flow, without duplicates, as `schema.name` keys. */
export function relationKeys(context: PlanContext, flow: Flow): ReadonlySet<string> {
  return new Set(flow.foreign.flatMap((scan) => context.scan(scan).relations.map((relation) => `${nameKey(relation)}\0${relation.alias}`)));
}

/** The aliases that the columns of an expression are qualified with, as the plan prints it. */
export function relationsNamed(context: PlanContext, text: string): ReadonlySet<string> {
  const root = context.parser.expression(withoutInitPlans(withoutSubPlans(text).text));
  const columns = root === undefined ? [] : everyPart(root).flatMap((part) => ('ColumnRef' in part ? [nameOf(part.ColumnRef.fields).schema] : []));
  return new Set(columns.filter((alias) => alias !== undefined));
}
