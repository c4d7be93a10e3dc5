/**
 * How much weight a hazard has: `advice` is shown and stops nothing; `consent` makes apply refuse without
 * `--allow <id>`; `refused` cannot be allowed, as no statement would do what the spec asks and keep what is there.
 */
export type HazardWeight = 'advice' | 'consent' | 'refused';

/** A hazard in three sentences, and its weight. */
interface HazardKind {
  readonly weight: HazardWeight;
  /** What is hurt. */
  readonly what: string;
  /** Why it cannot be had otherwise. */
  readonly why: string;
  /** What the user can do. */
  readonly todo: string;
}

/**
 * What a change may hurt: every hazard that a plan can name. An id is never used for anything else, as users' scripts
 * hold them (`--allow`); docs/hazards.md is this list in print.
 */
const kinds = {
  // What depends on it
  dependents: {
    weight: 'refused',
    what: 'Something stands on what the change takes away, and fdw cannot bring it back: a function, a policy, a rule, a column of the table\'s row type.',
    why: 'PostgreSQL refuses such a change while it exists, fdw never uses CASCADE, and it drops nothing that it could not create again.',
    todo: 'Drop it by hand, apply, and create it again; or keep the column or table as it is.',
  },
  'dependents-lost': {
    weight: 'consent',
    what: 'A view or materialized view stands on a column or table that goes for good, so it goes too.',
    why: 'It cannot exist without what it names. It is dropped by a statement of its own that the plan shows, never by CASCADE.',
    todo: 'Note its text first (`SELECT pg_get_viewdef(\'reporting.large\')`), or rewrite it so that it does without, and plan again.',
  },
  'dependents-recreated': {
    weight: 'consent',
    what: 'A view or materialized view is dropped and created again, with its text, owner, grants, comments, options, triggers and indexes.',
    why: 'It stands on a table that is replaced, or on a column that changes its type, and PostgreSQL allows neither under it.',
    todo: 'Mind that it has another OID afterwards, that a materialized view is filled again from the remote, and that all of it waits for whoever reads the view.',
  },
  'not-recreated': {
    weight: 'refused',
    what: 'Something hangs on a table that is to be replaced, or on a view that stands on it, and would not come back as it is.',
    why: 'A replacement is a drop and a create; fdw makes one only where it can bring everything back.',
    todo: 'Keep the table as it is, or take away by hand what the plan names, apply, and make it again. Security labels come back where their provider is loaded.',
  },
  // What goes
  'object-dropped': {
    weight: 'advice',
    what: 'An object is dropped, because the spec says `absent: true` or `prune: true`.',
    why: 'Queries that use it will fail. The data lives on the remote and stays there.',
    todo: 'Look at the list before you approve it.',
  },
  'column-dropped': {
    weight: 'advice',
    what: 'The spec, or the remote behind an imported schema, no longer has a column.',
    why: 'Queries that name it will fail. No data is lost: it lives on the remote.',
    todo: 'Change those queries first.',
  },
  'access-lost': {
    weight: 'advice',
    what: 'A role loses a privilege, the ownership or the user mapping that it had.',
    why: 'A list of roles in a spec is complete, and whoever is not in it loses the privilege.',
    todo: 'Add the role to the list where it should keep it.',
  },
  // What is replaced
  'table-replaced': {
    weight: 'consent',
    what: 'A foreign table is dropped and created again, with its owner, grants (each as that of who made it, with its grant option), comments, triggers and identity columns, which go on where they were.',
    why: 'SQL has no ALTER for a foreign table\'s server.',
    todo: 'Mind that its OID changes: prepared statements and whoever stored the OID have to look again.',
  },
  'server-replaced': {
    weight: 'consent',
    what: 'A server is dropped and created again, and with it its user mappings and all foreign tables on it, also those that the spec does not name, with owners, grants (each as that of who made it, with its grant option), comments, triggers and identity columns, which go on where they were.',
    why: 'SQL has no ALTER for a server\'s type or wrapper.',
    todo: 'Mind that all of them have other OIDs then, and that everybody who uses the server waits until the transaction ends. A user mapping comes back as the spec gives it: one with a secret has to be named there.',
  },
  // What changes its meaning
  'type-changed': {
    weight: 'advice',
    what: 'A column will be read as another type.',
    why: 'A value that the new type cannot hold makes queries fail when they meet it; `timestamp` read as `timestamp with time zone` shifts values without an error.',
    todo: 'Compare with the type on the remote; an imported schema takes that one.',
  },
  'attribute-dropped': {
    weight: 'consent',
    what: 'A composite type loses an attribute, as the remote\'s has.',
    why: 'Queries that name it will fail, and rows of local tables that hold such values lose it for good.',
    todo: 'Look whether a local table has a column of the type (`\\dT+`, `pg_attribute`), and save what it holds.',
  },
  'label-renamed': {
    weight: 'advice',
    what: 'A label of an enum gets another name, as on the remote.',
    why: 'PostgreSQL takes no label out of an enum, so one that is gone, with one new between the same neighbours, was renamed. Rows of local tables that hold it follow; queries that name the old label will fail.',
    todo: 'Change those queries first.',
  },
  'parent-rows': {
    weight: 'advice',
    what: 'A foreign table becomes part of another table, stops being so, or becomes another part of it, so that queries on that table see other rows.',
    why: 'The spec says so by `inherits` or `partition_of`. PostgreSQL does not check that the rows of a foreign table fit the bounds of its partition.',
    todo: 'Look that every row of the remote table is within the bounds: queries do not find those that are not.',
  },
  'not-null-promised': {
    weight: 'advice',
    what: 'A column becomes NOT NULL, which on a foreign table is a promise and not a check.',
    why: 'The planner believes it, and from PostgreSQL 17 on drops `IS NOT NULL` conditions because of it. Where the remote has NULLs all the same, results are wrong.',
    todo: 'Promise only what the remote keeps.',
  },
  'write-refused': {
    weight: 'advice',
    what: 'INSERT, UPDATE, DELETE or TRUNCATE will be refused from now on.',
    why: 'The option `updatable` or `truncatable` of the server or the table says so.',
    todo: 'Set it to `true` on the tables that are written to.',
  },
  // Who has to wait
  'columns-its-own': {
    weight: 'advice',
    what: 'Columns that a table had only through its parent become its own as well.',
    why: 'The parent is dropped and created again, so the heir stops inheriting and inherits again. PostgreSQL then counts the columns as those of the heir too: they are read and written as before, but stay should the parent lose them.',
    todo: 'Nothing, mostly. Where such a column shall go later, drop it from the heir as well.',
  },
  'lock-taken': {
    weight: 'advice',
    what: 'The change takes a lock that queries have to wait for.',
    why: 'ALTER and DROP FOREIGN TABLE take ACCESS EXCLUSIVE, which conflicts even with SELECT, and it is kept until the whole transaction ends. So it is on all that inherits from a table that is altered, and on the parent and its default partition where a partition comes or goes.',
    todo: 'Apply at a quiet time. fdw waits five seconds for a lock, gives up, and tries again, so that others do not queue up behind it.',
  },
} as const satisfies Readonly<Record<string, HazardKind>>;

/** The id of a hazard. */
export type HazardId = keyof typeof kinds;

/** Every hazard by its id. */
export const hazardKinds: Readonly<Record<HazardId, HazardKind>> = kinds;

/** All ids, in the order of the list. */
export const hazardIds: readonly HazardId[] = Object.keys(kinds).filter(isHazardId);

/** Those that `--allow` takes. */
export const consentIds: readonly HazardId[] = hazardIds.filter((id) => hazardKinds[id].weight === 'consent');

function isHazardId(text: string): text is HazardId {
  return Object.hasOwn(kinds, text);
}
