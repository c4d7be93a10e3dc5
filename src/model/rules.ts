/** A rule in three sentences. */
export interface Rule {
  /** What was found. */
  readonly what: string;
  /** Why PostgreSQL does it so. */
  readonly why: string;
  /** What the user can do. */
  readonly todo: string;
}

/**
 * Why a clause of a query runs here, or what is worth knowing of one that does not: every reason that a verdict can
 * name. An id is never used for anything else, as files of users hold them. Facts: postgres_fdw's deparse.c and
 * postgres_fdw.c, 14 to 18; docs/rules/ is this list in print, with the examples of rule-examples.ts.
 */
export const reasonRules = {
  // Expressions
  'mutable-function': {
    what: 'A STABLE or VOLATILE function, operator or cast.',
    why: 'Its value may differ on the remote, so postgres_fdw sends only what is IMMUTABLE.',
    todo: 'Compute a STABLE value once, in a sub-select of its own, (SELECT now()); it is then sent as a parameter. Compare a time that has a zone with one that has, (SELECT CURRENT_DATE::timestamptz). Of a VOLATILE function, and of one that works on a column, there is no way: filter by something that is IMMUTABLE first.',
  },
  'session-function': {
    what: 'A value of this session, such as current_user or CURRENT_DATE.',
    why: 'The session on the remote would have another value.',
    todo: 'Put it in a sub-select of its own, (SELECT current_user), or give it as a constant.',
  },
  'function-not-shippable': {
    what: 'A function that is neither built in nor of an extension that the server lists.',
    why: 'PostgreSQL cannot know that the remote has the same function.',
    todo: 'Write it with built-in functions, or package it as an extension, install that on both sides and list it in the server option extensions.',
  },
  'operator-not-shippable': {
    what: 'An operator that is neither built in nor of an extension that the server lists.',
    why: 'PostgreSQL cannot know that the remote has the same operator.',
    todo: 'Use a built-in operator, or list the extension in the server option extensions.',
  },
  'aggregate-not-shippable': {
    what: 'An aggregate that is neither built in nor of an extension that the server lists.',
    why: 'PostgreSQL cannot know that the remote has the same aggregate.',
    todo: 'Use a built-in aggregate, or list the extension in the server option extensions.',
  },
  'type-not-shippable': {
    what: 'A type, often an enum, a domain or a composite, that is neither built in nor of an extension that the server lists.',
    why: 'PostgreSQL cannot know that the remote has the same type with the same values.',
    todo: 'Declare the column with a built-in type. An enum of the remote has no operators with text: = and <> with a literal work (from PostgreSQL 15 on), a view on the remote that casts it to text serves for everything.',
  },
  'extension-not-listed': {
    what: 'A function, operator or type of an extension that the server does not list.',
    why: 'What an extension brings is sent only where the server option extensions promises that the remote has it too.',
    todo: 'Install the extension on the remote, then add it to the server option extensions.',
  },
  'extension-missing-on-remote': {
    what: 'A function, operator or type of an extension that the server does not list, and that the remote does not have (found by --remote).',
    why: 'Listing it would send what the remote cannot run.',
    todo: 'Install the extension on the remote first, then add it to the server option extensions.',
  },
  'extension-array': {
    what: 'An array of a type of an extension, before PostgreSQL 17.',
    why: 'Up to 16 array types do not count as part of their extension.',
    todo: 'Compare elements instead of arrays, or move to PostgreSQL 17.',
  },
  'unsupported-expression': {
    what: 'A kind of expression that is never sent: COALESCE, NULLIF, GREATEST, IS TRUE, a row comparison, a cast through text, a sub-select, CASE before 15.',
    why: 'postgres_fdw has no code to write it in Remote SQL.',
    todo: 'Write the condition with operators, AND, OR and IS NULL.',
  },
  collation: {
    what: 'A collation that does not come from a column of the foreign table.',
    why: 'Collations of two servers need not sort and compare alike, even under one name.',
    todo: 'Leave COLLATE out, or give the columns of the foreign table the collation that the remote has.',
  },
  'system-column': {
    what: 'A system column other than ctid, such as tableoid or xmin.',
    why: 'Its value is made here, and the one of the remote means something else.',
    todo: 'PostgreSQL has no way to send it: leave the system column out, or compare a column of the remote that says the same.',
  },
  // Relations and what stands below
  'security-barrier': {
    what: 'A condition that may not pass a security_barrier view.',
    why: 'Only leakproof functions may see rows before the view has filtered them.',
    todo: 'Put the condition into the view, or take security_barrier off where nobody has to be kept out.',
  },
  'cte-materialized': {
    what: 'A CTE that is computed once and kept.',
    why: 'A condition or join outside a materialized CTE is not moved into it.',
    todo: 'Write AS NOT MATERIALIZED, or move the condition into the CTE.',
  },
  'local-filter-below': {
    what: 'An operation over rows that a condition filters here.',
    why: 'The remote cannot know which rows count.',
    todo: 'Get the condition sent first: its own reasons say how.',
  },
  'local-operation-below': {
    what: 'An operation above a join, aggregation, sort or other operation that runs here.',
    why: 'Only what works directly on what the remote delivers can be sent.',
    todo: 'Get the operation below sent first: its own reasons say how.',
  },
  'subquery-below': {
    what: 'An operation above a sub-select with groups or a limit of its own.',
    why: 'Up to one grouping and one limit fit into one Remote SQL.',
    todo: 'Fold the sub-select into the query where that says the same; else PostgreSQL has no way, and a view on the remote, with a foreign table over it, does it there.',
  },
  'object-not-shippable': {
    what: 'A constant that names an object, such as a text search configuration, which is neither built in nor of a listed extension (from PostgreSQL 16 on).',
    why: 'The remote may not have that object. Up to 15 it is sent all the same, and fails there.',
    todo: 'Name a built-in object, or package it as an extension, install that on both sides and list it in the server option extensions.',
  },
  // Joins
  'join-to-local': {
    what: 'A join of foreign rows with rows that are here.',
    why: 'postgres_fdw does not send local rows to the remote.',
    todo: 'Send keys instead of a table: WHERE id = ANY (ARRAY(SELECT …)) goes over as a parameter.',
  },
  'cross-server-join': {
    what: 'A join of tables of different servers.',
    why: 'Each server knows only its own tables; two servers count as different even when they lead to one database.',
    todo: 'Use one server for tables of one database.',
  },
  'different-user': {
    what: 'A join of tables that are read as different users.',
    why: 'Each user mapping has a connection of its own.',
    todo: 'Give the views one owner, or make them security_invoker.',
  },
  'join-type': {
    what: 'NOT EXISTS (an anti join), or EXISTS and IN (a semi join) before PostgreSQL 17.',
    why: 'postgres_fdw sends inner and outer joins, and semi joins only from 17 on.',
    todo: 'Write an inner join with GROUP BY, or a LEFT JOIN where no row may match.',
  },
  'join-to-subquery': {
    what: 'A join with a sub-select that has DISTINCT, GROUP BY, LIMIT or OFFSET of its own.',
    why: 'postgres_fdw joins tables and joins, not finished sub-selects.',
    todo: 'Send its keys as an array, or ask by EXISTS, where only its keys are used; else PostgreSQL has no way, and a view on the remote, with a foreign table over it, does it there.',
  },
  'outer-join-clause': {
    what: 'An outer join with an ON condition that stays here.',
    why: 'Checked later it would drop rows that an outer join keeps.',
    todo: 'Get every ON condition sent: the other reasons name the part that stays.',
  },
  placeholder: {
    what: 'An expression computed below an outer join.',
    why: 'The remote cannot make it NULL for rows without a partner.',
    todo: 'Take the plain column out of the sub-select, and compute the expression above the join.',
  },
  'one-time-filter': {
    what: 'A constant condition beside a join, before PostgreSQL 17.',
    why: 'Up to 16 the planner hides the join behind a node that checks the constant.',
    todo: 'Leave the constant condition out.',
  },
  'row-marks': {
    what: 'EXISTS or IN in an UPDATE or DELETE, or a lock.',
    why: 'Rows are wanted here to check them again after waiting for a lock.',
    todo: 'Write it as UPDATE … FROM or DELETE … USING.',
  },
  lateral: {
    what: 'A join whose one side is fetched anew for each row of the other (LATERAL).',
    why: 'postgres_fdw sends no lateral references.',
    todo: 'Group once in a sub-select, and join that. For the first rows of each (ORDER BY with LIMIT) PostgreSQL has no way: make a view on the remote, with a foreign table over it.',
  },
  'remote-cross-product': {
    what: 'A join that is sent without its condition.',
    why: 'The condition stays here, so the remote pairs every row with every row.',
    todo: 'Get the join condition sent.',
  },
  'join-over-append': {
    what: 'A join of a partitioned table with one that is not partitioned like it.',
    why: 'The rows of all partitions are put together here before they are joined; partitions are joined by themselves only where both sides have the same ones.',
    todo: 'Join each partition in a sub-select, and UNION ALL between them; or write a condition that leaves only one partition, and name that one.',
  },
  // Operations
  'grouping-sets': {
    what: 'GROUPING SETS, ROLLUP or CUBE.',
    why: 'postgres_fdw sends plain GROUP BY only.',
    todo: 'Write each grouping as a GROUP BY of its own, with UNION ALL between them.',
  },
  'partial-aggregate': {
    what: 'An aggregate over partitions whose groups spread over several of them.',
    why: 'Partial aggregates are never sent.',
    todo: 'Aggregate each partition in a sub-select and put the results together here; or group by the partition key, with enable_partitionwise_aggregate on.',
  },
  'partitionwise-off': {
    what: 'A join or aggregate over partitions that each server could do alone.',
    why: 'enable_partitionwise_join and enable_partitionwise_aggregate are off unless they are set.',
    todo: 'Set the named parameter to on for the session, the role or the database.',
  },
  distinct: {
    what: 'DISTINCT.',
    why: 'postgres_fdw never sends it.',
    todo: 'Write GROUP BY over the same columns. For DISTINCT ON PostgreSQL has no way: make a view on the remote, with a foreign table over it.',
  },
  window: {
    what: 'A window function.',
    why: 'postgres_fdw never sends one.',
    todo: 'PostgreSQL has no way to send one: filter as much as possible first, or make a view with it on the remote, and a foreign table over the view.',
  },
  'set-operation': {
    what: 'UNION, INTERSECT or EXCEPT.',
    why: 'postgres_fdw never sends one; each side is fetched by itself.',
    todo: 'Write one SELECT with OR and GROUP BY where both sides of a UNION read the same table; else PostgreSQL has no way, and a view on the remote, with a foreign table over it, does it there. Where duplicates do not matter, UNION ALL saves the work here.',
  },
  'with-ties': {
    what: 'FETCH FIRST … WITH TIES.',
    why: 'postgres_fdw sends plain LIMIT only.',
    todo: 'Use LIMIT where ties need not come, or compare with the value of the last row, found in a sub-select.',
  },
  'limit-parameter': {
    what: 'A LIMIT whose number the planner does not know.',
    why: 'It cannot reckon what a limit on the remote would save.',
    todo: 'Write the number into the statement.',
  },
  'limit-over-append': {
    what: 'A LIMIT over partitions.',
    why: 'It is not moved below an Append.',
    todo: 'Limit each partition in a sub-select, and then the whole; or write a condition that leaves only one.',
  },
  'limit-over-srf': {
    what: 'A LIMIT over a select list that makes several rows of one.',
    why: 'The rows are made here, so the remote cannot count them.',
    todo: 'Limit the rows in a sub-select, and expand them outside.',
  },
  'redundant-sort': {
    what: 'A LIMIT with an ORDER BY that the planner found constant.',
    why: 'The sort is dropped, and the limit is then not sent.',
    todo: 'Leave ORDER BY out.',
  },
  // Writes and locks
  'row-by-row-write': {
    what: 'An UPDATE or DELETE that fetches and locks rows first, and then writes each by itself.',
    why: 'Something of it cannot be sent, so the whole statement cannot.',
    todo: 'Remove what the other reasons name; then one statement goes over.',
  },
  'locks-unfiltered': {
    what: 'A Remote SQL that locks every row of a table.',
    why: 'It has FOR UPDATE or FOR SHARE, and no condition; the locks stay until the transaction ends.',
    todo: 'Get a condition sent that chooses the rows.',
  },
  'row-trigger': {
    what: 'A write to a foreign table with a row trigger.',
    why: 'The trigger must see each row here.',
    todo: 'Move the trigger to the table on the remote.',
  },
  'generated-column': {
    what: 'A write to a foreign table with a generated column.',
    why: 'The column is computed here for each row.',
    todo: 'Leave GENERATED out of the foreign table: the remote computes its own.',
  },
  'check-option': {
    what: 'A write through a view with a CHECK OPTION.',
    why: 'Each row is checked here.',
    todo: 'Write to the foreign table itself, or check by a constraint on the remote.',
  },
  'multi-assignment': {
    what: 'SET (a, b) = (SELECT …).',
    why: 'postgres_fdw cannot write such an assignment in Remote SQL.',
    todo: 'Assign each column by itself.',
  },
  'returning-old-new': {
    what: 'RETURNING with old or new (PostgreSQL 18).',
    why: 'Values from before the write are only known where each row is fetched first.',
    todo: 'Return plain columns, which are the new values; read the old ones before, where they are wanted.',
  },
  'lock-strength': {
    what: 'A lock that reaches the remote as another: SKIP LOCKED, NOWAIT, or a weaker mode.',
    why: 'postgres_fdw knows FOR UPDATE and FOR SHARE only.',
    todo: 'PostgreSQL has no way to send it: where it matters, take the lock on the remote itself, by dblink or in a function there.',
  },
  'unbatched-insert': {
    what: 'An INSERT that sends each row by itself.',
    why: 'batch_size is 1, or a trigger or RETURNING forbids batches.',
    todo: 'Set the option batch_size of the server or the table, and leave out what forbids batches.',
  },
  'routed-insert': {
    what: 'An INSERT that routes rows to foreign partitions.',
    why: 'Which partition gets them is known only when it runs, so EXPLAIN does not show it.',
    todo: 'PostgreSQL has no way to show it: look at the plan of an INSERT into the partition itself. The option batch_size of the servers counts for routed rows too.',
  },
  // What cannot be judged from outside
  'other-wrapper': {
    what: 'Work on tables of a wrapper other than postgres_fdw that stays here.',
    why: 'Each wrapper has its own rules for what it sends; fdw knows those of postgres_fdw.',
    todo: "See the wrapper's documentation; file_fdw, for one, sends nothing but the reading of its file.",
  },
  'opaque-function': {
    what: 'A function that is not inlined, in a language that PostgreSQL cannot look into, such as PL/pgSQL.',
    why: 'The planner sees a call, not the statements in it; what they fetch from foreign tables is in no plan of this query.',
    todo: 'Judge the statements of the function by themselves, with $1 for its arguments; or write it as one SQL statement, LANGUAGE sql and STABLE, which PostgreSQL inlines.',
  },
  'generic-plan-only': {
    what: 'A statement with parameters that was judged by its generic plan only.',
    why: 'For a custom plan fdw makes up a value for each parameter. Where PostgreSQL refuses them, in a cast or in a check of a domain, nothing is known of the plan with real values: more may be sent in it, or less.',
    todo: 'Write a real value instead of the parameter, and judge that.',
  },
  // Settings
  'async-off': {
    what: 'Shards that are asked one after the other.',
    why: 'The option async_capable is off unless it is set.',
    todo: "Set async_capable 'true' on the servers, on a minor release of August 2026 or later: before, a scan that is repeated may give wrong results.",
  },
  // The remote's own answer
  'remote-sql-invalid': {
    what: 'A Remote SQL that the remote refuses.',
    why: 'EXPLAIN shows what would be sent; whether the remote has the tables, columns, functions and privileges for it shows only there.',
    todo: 'Bring the foreign table to what the remote has, or grant what the user of the mapping lacks there.',
  },
  'type-mismatch': {
    what: 'A Remote SQL for whose types the remote has no operator or function.',
    why: 'A column is declared with another type than it has on the remote, such as text for an enum.',
    todo: 'Declare the column with the type of the remote, or read a view there that casts it.',
  },
  'remote-seq-scan': {
    what: 'A remote that reads a large table whole for few of its rows.',
    why: 'The condition is sent, but the remote has no index that serves it.',
    todo: 'Create an index on the remote.',
  },
  'remote-not-asked': {
    what: 'A remote that could not be asked whether it takes what would be sent.',
    why: 'It does not answer, the role may not connect to it by dblink or plan with its estimates, or a write is sent, which estimates do not show.',
    todo: 'See the message; unknown is not the same as valid. Install dblink here, or let fdw connect to the remote: --remote-url SERVER=URL.',
  },
  // Cost
  'not-chosen-cost': {
    what: 'A clause that may be sent, and was cheaper here by estimate.',
    why: 'The planner compares costs, and its statistics or cost options say so.',
    todo: 'ANALYZE the foreign table, or set use_remote_estimate, fdw_startup_cost or fdw_tuple_cost.',
  },
  'never-analyzed': {
    what: 'A foreign table without statistics.',
    why: 'Autovacuum passes over foreign tables, so the planner guesses the size.',
    todo: 'ANALYZE it, and again when its data has changed much.',
  },
  'parameterised-loop': {
    what: 'A foreign table that is asked once for each row of the outer query.',
    why: 'A sub-select that depends on the outer row runs for each of them, a round trip each.',
    todo: 'Write it as a join.',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The id of a reason. */
export type ReasonId = keyof typeof reasonRules;

/** The ids of all reasons. */
export const reasonIds: readonly ReasonId[] = Object.keys(reasonRules).filter((id): id is ReasonId => id in reasonRules);

/** What a report may find beside reasons. */
const checkRules = {
  'expectation-missed': {
    what: 'A query that is not what it is held to.',
    why: 'Its expectation in the query file or the spec, the baseline or --fail-on says otherwise.',
    todo: 'Change the query until it is, or write the new truth into the expectation or the baseline.',
  },
  'not-judged': {
    what: 'A query that could not be judged.',
    why: 'PostgreSQL refused to plan it, or it is no statement that has a plan.',
    todo: 'Correct what the message points at.',
  },
  'runs-here': {
    what: 'A clause that runs here, without a known reason.',
    why: 'PostgreSQL keeps it, and nothing that fdw knows explains why.',
    todo: 'Look at the plan: EXPLAIN (VERBOSE) shows the Remote SQL.',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The id of any rule. */
export type RuleId = ReasonId | keyof typeof checkRules;

/** Every rule by its id. */
export const rules: Readonly<Record<RuleId, Rule>> = { ...reasonRules, ...checkRules };
