import type { Problem } from '../base/spec-error.ts';
import type { ApplyLimits } from '../apply/transaction.ts';
import type { HazardId } from '../model/hazards.ts';
import type { LikelyRename } from '../model/likely-rename.ts';
import type { SavedPlan } from '../plan/plan-file.ts';
import type { Notice, Plan, Summary } from '../plan/types.ts';
import type { FailOn } from '../pushdown/held.ts';
import type { BaselineChanges, PushdownReport, QueryVerdict } from '../pushdown/types.ts';

/** Where a flow says what it is doing: one short line per step. */
export type Progress = (step: string) => void;

/** What every flow that reads a spec and talks to the local database takes. */
export interface FlowRequest {
  /** Path of the spec as the user named it, `-` for stdin. */
  readonly specPath: string;
  /** `--env`: the environment of the spec. */
  readonly environment?: string | undefined;
  /** `--expose-secrets`: send secrets although the server will keep them somewhere. */
  readonly exposeSecrets?: boolean | undefined;
  /** `--set-secrets`: write the user mappings whose options are hidden. */
  readonly setSecrets?: boolean | undefined;
  /** `--no-drift`: false where tables that the spec spells out are not to be compared with what stands behind them. */
  readonly drift?: boolean | undefined;
  /** What the user was asked about and says was renamed. */
  readonly renames?: readonly LikelyRename[] | undefined;
  /** `--snapshot`: the file that imported schemas are taken from. */
  readonly snapshot?: string | undefined;
  /** `--database`. */
  readonly database: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Aborted on Ctrl-C: the flow cancels what runs, rolls back, closes and throws. */
  readonly signal: AbortSignal;
  /** Reads standard input, where the spec or a query file is `-`. */
  readonly readStdin: () => Promise<string>;
}

/** A plan, and what may change it. */
export interface PlanResult extends SavedPlan {
  readonly warnings: readonly Problem[];
  /** What the plan drops and creates and may as well have been renamed: for the user to decide. */
  readonly likelyRenames: readonly LikelyRename[];
}

/** A plan that was shown and can now be carried out, on the connection that made it. */
export interface PreparedApply {
  readonly plan: Plan;
  readonly warnings: readonly Problem[];
  /** As a plan has them; none of a saved one, which is what it is. */
  readonly likelyRenames: readonly LikelyRename[];
  /**
   * Refuses a plan that `execute` would refuse: so that nobody is asked in vain.
   * @throws UserError `dependents-in-the-way`, `hazards-not-allowed`, `plan-too-large`
   */
  refuse(how: Pick<ApplyOptions, 'allow' | 'batch'>): void;
  execute(how?: Partial<ApplyOptions>): Promise<ApplyResult>;
  close(): Promise<void>;
}

/** How a plan is carried out. */
export interface ApplyOptions extends ApplyLimits {
  /** Whether each user mapping that is touched must let its role in before the commit. */
  readonly tryMappings: boolean;
  /** The hazards that the user consented to. */
  readonly allow: readonly HazardId[];
  /** In several transactions, where one would take more locks than the server has. */
  readonly batch: boolean;
  /** How often the whole transaction is tried again when a lock does not come. */
  readonly retries: number;
}

export interface ApplyResult {
  readonly applied: Summary;
  readonly statements: number;
  /** What could not be checked, and why. */
  readonly notices: readonly Notice[];
}

/** How queries are judged, beside the common part. */
export interface JudgeRequest extends Omit<FlowRequest, 'specPath'> {
  /** Optional: named queries do without. */
  readonly specPath: string | undefined;
  /** `--role`: the role to EXPLAIN as; it wins over the spec's. */
  readonly role: string | undefined;
  /** Of each statement that is EXPLAINed or executed. */
  readonly timeLimitMs: number;
  /** `--remote`: whether the remotes are asked about what would be sent. */
  readonly remote: boolean;
  /** `--remote-url`, `SERVER=URL` each: remotes that may be connected to directly. May hold passwords. */
  readonly remoteUrls: readonly string[];
  /** `--analyze`: whether SELECTs are executed. */
  readonly analyze: boolean;
  readonly offline?: OfflineRequest | undefined;
  /** `--jobs`: over so many connections at once; undefined: as many as help. */
  readonly jobs?: number | undefined;
  /** Whether the plan itself is kept too, for people to read. */
  readonly tree?: boolean | undefined;
  /** `--from-stat-statements`: so many of the statements that pg_stat_statements keeps. */
  readonly statStatements?: number | undefined;
}

/** What `check-pushdown` takes beside that. */
export interface CheckRequest extends JudgeRequest {
  /** Paths or `-`; empty: the spec's `pushdown` part. */
  readonly files: readonly string[];
  readonly query: string | undefined;
  /** `--baseline`: undefined where the default is to be looked for. */
  readonly baseline: string | undefined;
  readonly updateBaseline: boolean;
  /** `--changed-since`: only queries of files that have changed since this revision. */
  readonly changedSince: string | undefined;
  /** `--fail-on`: what every query is held to beside its expectation and the baseline. */
  readonly failOn: readonly FailOn[];
}

/** `--offline`: without any database. */
export interface OfflineRequest {
  /** `--postgres`: the major; undefined: the installed one. */
  readonly postgres: number | undefined;
  /** `--schema`: a dump of the local database's schema. */
  readonly schema: string | undefined;
  /** `--snapshot`: what the remotes have. */
  readonly snapshot: string | undefined;
}

export interface CheckResult {
  readonly report: PushdownReport;
  /** undefined without a baseline. */
  readonly baseline: { readonly file: string; readonly updated: boolean; readonly changes: BaselineChanges } | undefined;
  readonly warnings: readonly Problem[];
}

/** What `explain` takes. */
export interface ExplainRequest extends JudgeRequest {
  /** A statement, the path of a file, or `-`. */
  readonly query: string;
  /** `--name`: which of several statements. */
  readonly name: string | undefined;
}

export interface ExplainResult {
  readonly query: QueryVerdict;
  readonly warnings: readonly Problem[];
}
