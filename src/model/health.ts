import type { MappingRole } from './role.ts';

/**
 * What `fdw doctor` looks at: stable ids, each with what is looked at and why it matters. An id is never used for
 * anything else. docs/doctor.md has a section on each.
 */
export const healthChecks = {
  reachable: {
    what: 'Whether the database can log in there with the user mapping, and how long that takes.',
    why: 'It is the database that connects, not this machine; each session pays for it once per user mapping.',
    todo: 'Follow the message: host, port, TLS, user, password, pg_hba.conf on the remote.',
  },
  'round-trip': {
    what: 'How long one question and its answer take.',
    why: 'Every fetch_size rows cost one, and so does every row of a nested loop over a foreign table.',
    todo: 'Raise fetch_size and batch_size where it is long; bring the two servers closer.',
  },
  version: {
    what: 'The version of the remote.',
    why: 'What is sent is chosen by the local version: a remote that is older may lack a function. fdw knows 14 to 18.',
    todo: 'Check queries with `fdw check-pushdown --remote`, and upgrade the remote.',
  },
  identity: {
    what: 'The database and the role that the login leads to.',
    why: 'A superuser there may do anything that somebody here writes into a query.',
    todo: 'Map to a role that may do what is needed, and no more.',
  },
  password: {
    what: 'Until when the password of the remote role works.',
    why: 'After that, new sessions fail, while those that are connected go on: it looks random.',
    todo: 'Change the password there and in the user mapping (`fdw apply` tries it).',
  },
  tls: {
    what: 'Whether the connection is encrypted, and whether the certificate is verified.',
    why: 'Without TLS everything can be read on the way; without verification anybody can pretend to be the remote.',
    todo: 'Set sslmode to verify-full and sslrootcert on the server.',
  },
  role: {
    what: 'Whether a primary or a standby answered.',
    why: 'A standby takes no writes, lags behind, and may cancel long queries.',
    todo: 'Say what you want with target_session_attrs on the server.',
  },
  lag: {
    what: 'How far a standby is behind its primary.',
    why: 'Queries see the past.',
    todo: 'Look at replication on the primary, and whether replay is paused.',
  },
  synchronous: {
    what: 'The standbys of a primary, and which of them a commit waits for.',
    why: 'Without a synchronous one, a failover may lose what was committed last.',
    todo: 'See synchronous_standby_names on the remote.',
  },
  'standby-conflicts': {
    what: 'Whether long queries survive on a standby.',
    why: 'Without hot_standby_feedback a query that takes longer than max_standby_streaming_delay is cancelled when the primary removes rows that it may still see.',
    todo: 'Set hot_standby_feedback on the standby, or raise max_standby_streaming_delay there.',
  },
  hosts: {
    what: 'Which host answered, and what happens when it is gone.',
    why: 'libpq tries a list in order; without connect_timeout a host that swallows packets holds every query for minutes.',
    todo: 'List several hosts with target_session_attrs and connect_timeout.',
  },
  'read-only': {
    what: 'Whether the remote takes writes.',
    why: 'A read-only one refuses them when a query runs, not before.',
    todo: 'See default_transaction_read_only of the remote role and database.',
  },
  encoding: {
    what: 'The encodings of both databases.',
    why: 'A text that the local encoding cannot write makes a query fail when it meets it.',
    todo: 'Use UTF8 on the local side.',
  },
  collation: {
    what: 'How both databases compare texts: provider, locale, and version of the library.',
    why: 'A sort or a comparison that runs there goes by the order there; where that differs, merge joins fail and ranges give other rows.',
    todo: 'Give the columns the collation of the remote, or import with `import: {collate: true}`.',
  },
  'time-zone': {
    what: "The time zone of the remote's sessions.",
    why: 'postgres_fdw sets its sessions to GMT: a view or trigger there that turns a time into a date counts days in GMT, not in that zone.',
    todo: 'Name the zone in such views: `at AT TIME ZONE …`.',
  },
  'time-limits': {
    what: 'Time limits that the remote has for this role.',
    why: 'Those of the session here do not cross over, and those there cancel queries from here.',
    todo: "Set them for the remote role, or with the server's option options: '-c statement_timeout=…'.",
  },
  'row-security': {
    what: 'Whether row security hides rows from the remote role.',
    why: 'Everybody who uses the mapping sees the rows of its remote role; settings of the session here do not cross over.',
    todo: "Give each tenant a mapping of its own, or the server the option options: '-c app.tenant=…'.",
  },
  pooler: {
    what: 'Whether the connection came out of a pool, and in which mode as far as that can be seen.',
    why: 'In transaction mode the next client of the pool gets a backend as postgres_fdw left it, with search_path set to pg_catalog: it does not find its own tables.',
    todo: 'Point the server past the pooler, or at a pool in session mode.',
  },
  connections: {
    what: 'How many connections the server may cost, beside what the remote allows.',
    why: 'Every local session keeps one for each user mapping that it has used, until it ends.',
    todo: 'Lower max_connections here, raise it there, or set keep_connections to false.',
  },
  extensions: {
    what: 'Versions of the extensions that the server names in `extensions`, on both sides.',
    why: 'Their functions are sent: the remote must have them, and they must do the same there.',
    todo: 'CREATE EXTENSION or ALTER EXTENSION UPDATE on the side that lags.',
  },
  options: {
    what: 'Options that are unsafe or slow for what the tables hold.',
    why: 'The defaults of postgres_fdw suit small results over a short distance.',
    todo: 'Set what the line names, on the server or on the table.',
  },
  statistics: {
    what: 'Foreign tables that were never analysed.',
    why: 'Autovacuum passes them over, so the planner guesses: joins may run here that could run there.',
    todo: 'ANALYZE them: `fdw analyze`.',
  },
  'remote-estimate': {
    what: 'What use_remote_estimate costs.',
    why: 'Each path that the planner considers is asked for there, a round trip each; and without the remote nothing can be planned.',
    todo: 'Set it for the tables that need it, not for the server.',
  },
  'role-mappings': {
    what: 'Whether every role that may read tables of the server, itself or by membership, and every owner of a view over them, has a user mapping.',
    why: "Without one a query ends with `user mapping not found`; a view reads with its owner's, whoever asks. That of PUBLIC serves whoever has none, as one and the same remote role. Roles that may not connect, or not use the schema, are left out; functions are not looked into.",
    todo: 'CREATE USER MAPPING for the role, or under user_mappings in the spec; `fdw whoami ROLE OBJECT` shows every link.',
  },
  expectation: {
    what: 'What the spec expects of the server under `expect`.',
    why: 'So that a check in CI or a timer tells the day it changes.',
    todo: 'Repair the server, or correct what is expected.',
  },
} as const satisfies Readonly<Record<string, { readonly what: string; readonly why: string; readonly todo: string }>>;

export type HealthCheckId = keyof typeof healthChecks;

export const healthCheckIds = Object.keys(healthChecks) as readonly HealthCheckId[];

/** How bad it is. `fail`: unhealthy. `unknown`: it could not be looked at, and the message says why. */
export const healthLevels = ['ok', 'note', 'warning', 'unknown', 'fail'] as const;

export type HealthLevel = (typeof healthLevels)[number];

/** One thing that was looked at. */
export interface HealthLine {
  readonly check: HealthCheckId;
  readonly level: HealthLevel;
  readonly message: string;
  /** What to do about it, where it is not as it should be. */
  readonly todo: string | undefined;
}

export interface MappingHealth {
  readonly role: MappingRole;
  readonly lines: readonly HealthLine[];
}

export interface ServerHealth {
  readonly server: string;
  readonly wrapper: string;
  readonly mappings: readonly MappingHealth[];
  /** What holds for the server whoever logs in. */
  readonly lines: readonly HealthLine[];
}

/** What the spec expects of a server. */
export interface HealthExpectation {
  readonly role: 'primary' | 'standby' | undefined;
  /** Milliseconds. */
  readonly maxLagMs: number | undefined;
  readonly maxLagBytes: number | undefined;
  /** `required`: encrypted; `verified`: and the certificate is checked. */
  readonly tls: 'required' | 'verified' | undefined;
  /** Majors, both included. */
  readonly minVersion: number | undefined;
  readonly maxVersion: number | undefined;
  /** Milliseconds. */
  readonly maxRoundTripMs: number | undefined;
  readonly maxConnectMs: number | undefined;
  readonly readOnly: boolean | undefined;
  /** The remote role of every mapping. */
  readonly user: string | undefined;
}
