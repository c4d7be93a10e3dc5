import type { SourceFile, SourceSpan, TextRange } from '../base/source.ts';
import type { ReasonId } from '../model/rules.ts';
import type { ClauseKind, Expectation, Ignore, VerdictWord } from '../spec/types.ts';

/** Where a statement stands. Lines and columns count from 1, columns in UTF-16 units; the end column is exclusive. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One statement to judge, with where it came from. */
export interface QueryInput {
  /** From an annotation or the spec; else `<file>:<line>`. */
  readonly name: string;
  /** As the user named it; `-` for stdin; the spec's own file for its checks; undefined for `--query`. */
  readonly file: string | undefined;
  /** Line of the statement's first token, from 1. */
  readonly line: number;
  /** Undefined where `sql` does not stand in the file as it is: a check in a spec. */
  readonly region?: Region | undefined;
  /** The statement without its semicolon, comments inside kept. */
  readonly sql: string;
  readonly expect: Expectation | undefined;
  /** Reasons that are not to be objected to. */
  readonly ignores?: readonly Ignore[] | undefined;
  /** Set where the text could not be cut into a statement or an annotation is wrong: it is reported, not EXPLAINed. */
  readonly error: QueryError | undefined;
  /** Where the server's errors point when there is no `origin`: the check in a spec, say. */
  readonly at?: SourceSpan | undefined;
  /** The text that `sql` stands in as it is, so that an error of the server can point into it. */
  readonly origin?: { readonly source: SourceFile; /** Of `sql`, in UTF-16 units. */ readonly offset: number } | undefined;
}

export interface QueryError {
  readonly message: string;
  readonly hint: string | undefined;
  readonly at: SourceSpan | undefined;
}

/** Why a clause is local. */
export interface Reason {
  readonly id: ReasonId;
  /** The very function, operator, type, column, role or server. */
  readonly subject: string;
  readonly message: string;
}

/** Rows and bytes that are fetched, as the planner estimates them, and the round trips for it and for writes. */
export interface Wire {
  readonly rows: number;
  readonly bytes: number;
  readonly roundTrips: number;
}

/** What would push it. */
export interface Remedy {
  /**
   * `rewrite`: another statement; `option`: of a server, a table or a column; `setting`: of the session; `command`: to run
   * once; `combined`: some of these, and then another statement.
   */
  readonly kind: 'rewrite' | 'option' | 'setting' | 'command' | 'combined';
  /** What it does, in a few words. */
  readonly title: string;
  readonly sql: string;
  /** The same as a part of the spec, in YAML; null where it is none. */
  readonly spec: string | null;
  /** Whether it was tried, by EXPLAIN, and the clause is sent or fewer rows are fetched. */
  readonly proved: boolean;
  /** Why it was not tried; null where it is proved. */
  readonly unproved: string | null;
  /** How it changes the meaning, or what it costs; null: the result is the same. */
  readonly changesMeaning: string | null;
  /** What is sent with it; empty where that was not seen. */
  readonly remoteSql: readonly string[];
  /** Clauses that still run here with it, `kind text`. */
  readonly remaining: readonly string[];
  /** What crosses the wire without it and with it; null: not known. */
  readonly effect: { readonly before: Wire; readonly after: Wire } | null;
}

/** Where a clause stands in the text that the user wrote. */
export interface ClausePlace {
  /** Within the statement's `sql`. */
  readonly range: TextRange;
  /** In the file. undefined: the text does not stand there as it is (a check in a spec). */
  readonly region: Region | undefined;
  /** It stands in a view, or in a function that is inlined: `range` is where the statement names what leads there, `text` that one's own words. */
  readonly view: { readonly kind: 'view' | 'function'; readonly name: string; readonly text: string } | undefined;
}

/** What the planner reckons with, in its own units. */
export interface ClauseCosts {
  /** Done here, as planned. */
  readonly here: number;
  /** With the clause sent. */
  readonly sent: number;
}

export interface Clause {
  readonly kind: ClauseKind;
  /** As the plan shows it. */
  readonly text: string;
  readonly runs: 'remote' | 'local';
  /** `blocked`: PostgreSQL may not push it. `not-chosen`: it may, a local plan was cheaper. null: remote, or not determined. */
  readonly cause: 'blocked' | 'not-chosen' | null;
  /** undefined: no part of the text was found that is like it. */
  readonly place: ClausePlace | undefined;
  /** Of one that was not chosen, where a plan with it sent could be forced. */
  readonly costs: ClauseCosts | undefined;
  readonly reasons: readonly Reason[];
  readonly remedies: readonly Remedy[];
}

/** One Foreign Scan (or foreign write) of a plan. */
export interface Scan {
  readonly server: string;
  /** Local names: `shop.orders`, aliases left out. */
  readonly relations: readonly string[];
  readonly remoteSql: string;
  /** What is filtered here after the rows came. */
  readonly filter: string | null;
  /** Rows fetched by a scan, before its filter; rows sent by a write. Over all its loops. */
  readonly estimatedRows: number;
  /** Those rows times the planner's width of one. */
  readonly estimatedBytes: number;
  /** How often the remote is asked: once for each row of the outer side, where it depends on that (N+1). */
  readonly loops: number;
  /** Fetches of `fetch_size` rows, or batches of `batch_size`, over all loops. */
  readonly roundTrips: number;
  /** Rows that a fetch or a batch takes at most. */
  readonly rowsPerTrip: number;
  /** `update` and `delete` of a scan: done there, in one statement. */
  readonly operation: 'select' | 'insert' | 'update' | 'delete';
}

/** One thing that a query is held to. */
export interface Held {
  /** As it may be written: `full`, `filter:remote`, `max_fetched_rows:1000`. */
  readonly what: string;
  /** A sentence where it is missed. */
  readonly missed: string | undefined;
  /** What is missed stands in the notes of the query, each with an id of its own. */
  readonly noted?: true;
}

/**
 * How a statement with parameters is planned (`plan_cache_mode`): with them unknown, or with values in their place. The
 * server takes one or the other by cost, and drivers that write values into the text always get the latter.
 */
export type PlanMode = 'generic' | 'custom';

/** What was found of a statement under one way of planning. */
export interface PlanVerdict {
  readonly mode: PlanMode;
  readonly verdict: VerdictWord;
  readonly clauses: readonly Clause[];
  readonly scans: readonly Scan[];
}

/** What became of executing a query, under `--analyze`. */
export type Analyzed =
  | {
      readonly kind: 'ran';
      /** Rows that the query returned. */
      readonly rows: number;
      readonly seconds: number;
      /** Of each of the query's scans: rows that came, before the filter, and how often the remote was asked. undefined: not seen. */
      readonly scans: readonly ({ readonly rows: number; readonly loops: number } | undefined)[];
    }
  | { readonly kind: 'failed'; readonly message: string }
  /** It is not executed, for what stands at this place. */
  | { readonly kind: 'refused'; readonly message: string; readonly region: Region };

/** One node of a plan, for people to read. */
export interface PlanStep {
  /** As EXPLAIN names it in its text: `Hash Left Join`, `Async Foreign Scan`. */
  readonly type: string;
  /** `InitPlan 1`, `SubPlan 1`, `CTE x`, of the head of one. */
  readonly name: string | undefined;
  /** What it reads or writes: `shop.orders o`. */
  readonly relations: readonly string[];
  /** Whether its rows come from a remote. */
  readonly runs: 'remote' | 'local';
  /** What it works by: labels of EXPLAIN (`Join condition`, `Sort by` …) with expressions. */
  readonly details: readonly { readonly label: string; readonly text: string }[];
  /** That it gives back, as the planner estimates it. */
  readonly rows: number;
  /** Which of the query's scans it makes, by their index. */
  readonly scans: readonly number[];
  readonly children: readonly PlanStep[];
}

/** The judgement of one query. */
export interface QueryVerdict {
  readonly name: string;
  readonly file: string | undefined;
  readonly line: number;
  readonly region: Region;
  readonly sql: string;
  /** How long judging it took. */
  readonly seconds: number;
  /** `error`: it could not be judged. */
  readonly verdict: VerdictWord | 'error';
  /** The word that holds for any data: only what is blocked counts as local. undefined: not judged. */
  readonly steady: VerdictWord | undefined;
  readonly clauses: readonly Clause[];
  readonly scans: readonly Scan[];
  /** Of a statement with parameters: which plan this is, the worse of the two. undefined: there is only one. */
  readonly plan: PlanMode | undefined;
  /** The other plan, where other clauses run here or for other reasons. */
  readonly otherPlan: PlanVerdict | undefined;
  /** What is worth knowing of the whole statement. */
  readonly notes: readonly Reason[];
  /** What would help with the notes. */
  readonly remedies: readonly Remedy[];
  /** The plan itself; undefined: not judged, or not asked for. */
  readonly tree?: PlanStep | undefined;
  /** Rows that the query returns, or writes, as the planner estimates them; undefined: not judged. */
  readonly returnedRows: number | undefined;
  /** undefined: executing it was not asked for, or it has no foreign table. */
  readonly analyzed?: Analyzed | undefined;
  readonly error: QueryError | undefined;
  /** Reasons that it has and that are not objected to. */
  readonly ignores?: readonly Ignore[] | undefined;
  /** What it is held to; empty without an expectation, and where it could not be judged. */
  readonly held: readonly Held[];
  /** Those that were missed, a sentence each. */
  readonly missed: readonly string[];
}

/** All verdicts of a run. */
export interface PushdownReport {
  readonly queries: readonly QueryVerdict[];
  readonly summary: Record<VerdictWord | 'error' | 'missed', number>;
}

/** What a baseline and a run do not have in common; none of it fails by itself. */
export interface BaselineChanges {
  /** Queries without an entry. */
  readonly added: readonly QueryVerdict[];
  /** A sentence each. */
  readonly improved: readonly string[];
  /** Entries without a query. */
  readonly gone: readonly string[];
}
