/**
 * A plan as `EXPLAIN (VERBOSE, FORMAT JSON)` gives it, cut down to what a verdict needs. The keys are those of
 * src/backend/commands/explain.c, 14 to 18; nodes and keys that are not known here are let through.
 */
export interface PlanNode {
  /** `Foreign Scan`, `Hash Join`, `Aggregate` … */
  readonly type: string;
  /** `Select`, `Update`, `Delete`, `Insert` of a Foreign Scan or ModifyTable. */
  readonly operation: string | undefined;
  /** `Outer`, `Inner`, `Member`, `InitPlan`, `SubPlan`, `Subquery`. */
  readonly relationship: string | undefined;
  /** `InitPlan 1 (returns $0)` up to 16, `InitPlan 1` from 17, `CTE name`. */
  readonly subplanName: string | undefined;
  /** The relation of a base scan or of a ModifyTable. */
  readonly relation: PlanRelation | undefined;
  /** What a pushed join or aggregate stands for; see relations.ts. */
  readonly relations: string | undefined;
  readonly output: readonly string[];
  readonly filter: string | undefined;
  readonly oneTimeFilter: string | undefined;
  readonly remoteSql: string | undefined;
  readonly batchSize: number | undefined;
  /** The tables of a ModifyTable that writes more than one (partitions). */
  readonly targets: readonly WriteTarget[];
  readonly joinType: string | undefined;
  /** `Hash Cond`, `Merge Cond` and `Join Filter`, those that are there. */
  readonly joinConditions: readonly string[];
  /** `Plain`, `Sorted`, `Hashed`, `Mixed` of an Aggregate or SetOp. */
  readonly strategy: string | undefined;
  /** `Simple`, `Partial`, `Finalize`. */
  readonly partialMode: string | undefined;
  readonly groupKeys: readonly string[];
  readonly hasGroupingSets: boolean;
  readonly sortKeys: readonly string[];
  /** `Intersect`, `Except All` … of a SetOp. */
  readonly command: string | undefined;
  readonly cteName: string | undefined;
  readonly functionCall: string | undefined;
  readonly rows: number;
  readonly width: number;
  readonly startupCost: number;
  readonly totalCost: number;
  /** 18: the planner was told not to use it and had no other way. */
  readonly disabled: boolean;
  /** 14 and later: of a Foreign Scan below an Append that is asked together with others. */
  readonly async: boolean;
  /** Partitions that were left out when the executor started. */
  readonly subplansRemoved: number;
  readonly children: readonly PlanNode[];
}

export interface PlanRelation {
  readonly schema: string;
  readonly name: string;
  readonly alias: string;
}

export interface WriteTarget {
  readonly relation: PlanRelation | undefined;
  readonly remoteSql: string | undefined;
  readonly batchSize: number | undefined;
}

/**
 * The plan in the answer of EXPLAIN.
 *
 * @param answer the value of the column `QUERY PLAN`: parsed JSON, or its text
 * @throws TypeError where it has no plan in it
 */
export function readPlan(answer: unknown): PlanNode {
  const parsed: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer;
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const plan = isRecord(first) ? first['Plan'] : undefined;
  if (!isRecord(plan)) throw new TypeError('EXPLAIN gave no plan');
  return readNode(plan);
}

type Json = Readonly<Record<string, unknown>>;

function readNode(json: Json): PlanNode {
  const { relation, remoteSql, batchSize } = readTarget(json);
  return {
    type: text(json, 'Node Type') ?? '?',
    operation: text(json, 'Operation'),
    relationship: text(json, 'Parent Relationship'),
    subplanName: text(json, 'Subplan Name'),
    relation,
    relations: text(json, 'Relations'),
    output: texts(json, 'Output'),
    filter: text(json, 'Filter'),
    oneTimeFilter: text(json, 'One-Time Filter'),
    remoteSql,
    batchSize,
    targets: records(json, 'Target Tables').map(readTarget),
    joinType: text(json, 'Join Type'),
    joinConditions: ['Hash Cond', 'Merge Cond', 'Join Filter'].flatMap((key) => text(json, key) ?? []),
    strategy: text(json, 'Strategy'),
    partialMode: text(json, 'Partial Mode'),
    groupKeys: texts(json, 'Group Key'),
    hasGroupingSets: json['Grouping Sets'] !== undefined,
    sortKeys: texts(json, 'Sort Key'),
    command: text(json, 'Command'),
    cteName: text(json, 'CTE Name'),
    functionCall: text(json, 'Function Call'),
    rows: number(json, 'Plan Rows') ?? 0,
    width: number(json, 'Plan Width') ?? 0,
    startupCost: number(json, 'Startup Cost') ?? 0,
    totalCost: number(json, 'Total Cost') ?? 0,
    disabled: json['Disabled'] === true,
    async: json['Async Capable'] === true,
    subplansRemoved: number(json, 'Subplans Removed') ?? 0,
    children: records(json, 'Plans').map(readNode),
  };
}

function readTarget(json: Json): WriteTarget {
  const name = text(json, 'Relation Name');
  return {
    relation: name === undefined ? undefined : { schema: text(json, 'Schema') ?? '', name, alias: text(json, 'Alias') ?? name },
    remoteSql: text(json, 'Remote SQL'),
    batchSize: number(json, 'Batch Size'),
  };
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(json: Json, key: string): string | undefined {
  const value = json[key];
  return typeof value === 'string' ? value : undefined;
}

function number(json: Json, key: string): number | undefined {
  const value = json[key];
  return typeof value === 'number' ? value : undefined;
}

function texts(json: Json, key: string): readonly string[] {
  const value = json[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function records(json: Json, key: string): readonly Json[] {
  const value = json[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
