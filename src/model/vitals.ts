import type { VersionedCollation } from './database-collation.ts';
import type { MappingRole } from './role.ts';

/** What the remote's own backend says of a connection that was made through a server and a user mapping. Plain data. */
export interface Login {
  /** Milliseconds from asking to the first answer: connecting, logging in, and what postgres_fdw sets for its session. */
  readonly connectMs: number;
  /** Milliseconds that one round trip takes, about: the quickest of several small questions. */
  readonly roundTripMs: number;
  readonly versionNum: number;
  readonly database: string;
  /** The remote role. */
  readonly user: string;
  readonly superuser: boolean;
  readonly bypassesRowSecurity: boolean;
  /** Of the remote role; -1: no limit. */
  readonly connectionLimit: number;
  /** When the remote role's password stops to work; undefined: never. ISO 8601. */
  readonly passwordValidUntil: string | undefined;
  /** undefined: not encrypted. */
  readonly tls: { readonly protocol: string; readonly cipher: string; readonly bits: number } | undefined;
  /** Whether GSSAPI encrypts it. */
  readonly gssEncrypted: boolean;
  /** Seconds that the remote's backend had lived before our first question: far more than connecting takes where a pooler handed out an old one. */
  readonly backendAgeSeconds: number;
  /** The port that the remote's backend listens on. */
  readonly port: number;
  /** Whether a pooler was seen to lend the same backend to somebody else between two transactions; undefined: it was not tried, or cannot be told. */
  readonly lent: boolean | undefined;
  /** Time limits of the remote's session, by setting, in milliseconds; 0: none. */
  readonly timeLimits: Readonly<Record<string, number>>;
  /** Rows that a role must not see are left out by policies: the tables behind foreign tables that have them, for this remote role. */
  readonly rowSecurity: readonly RowSecurity[];
}

/** A table with row security, seen by a role that it holds for. */
export interface RowSecurity {
  /** `schema.table` on the remote. */
  readonly table: string;
  /** The condition of a policy that names a setting of the session or the current role; empty: none does. */
  readonly sessionPolicies: readonly string[];
}

/** What the remote's cluster says of itself. */
export interface RemoteCluster {
  readonly inRecovery: boolean;
  /** `default_transaction_read_only`, or a session that is read-only. */
  readonly readOnly: boolean;
  readonly encoding: string;
  readonly collation: VersionedCollation;
  readonly timeZone: string;
  readonly maxConnections: number;
  /** Slots that only superusers (and, from 16 on, pg_use_reserved_connections) get. */
  readonly reservedConnections: number;
  /** Client backends now; the own one included. */
  readonly connections: number;
  /** Of the database; -1: no limit. */
  readonly databaseConnectionLimit: number;
  readonly hotStandbyFeedback: boolean;
  /** Milliseconds; -1: waits for ever. */
  readonly maxStandbyStreamingDelay: number;
  /** Queries cancelled on this standby for conflicts with recovery since its statistics were reset; undefined: not shown. */
  readonly conflicts: number | undefined;
  readonly synchronousStandbyNames: string;
  /** Of a primary: its standbys; undefined where the remote role may not see them. */
  readonly standbys: readonly Standby[] | undefined;
  /** Of a standby: what it receives; undefined: nothing, or hidden. */
  readonly receiver: Receiver | undefined;
  /** Of a standby: how far it is behind. */
  readonly replay: Replay | { readonly unknown: string };
  /** Extensions by name. */
  readonly extensions: Readonly<Record<string, string>>;
  /** Which of several hosts answered, as far as it can be told. */
  readonly answeredBy: { readonly address: string; readonly port: number } | undefined;
}

export interface Standby {
  readonly name: string;
  readonly state: string;
  /** `sync`, `async`, `quorum`, `potential`. */
  readonly sync: string;
  /** Milliseconds; undefined: idle, so nothing to measure. */
  readonly replayLagMs: number | undefined;
}

export interface Receiver {
  readonly status: string;
  /** Whether the remote role may see more than that there is one. */
  readonly visible: boolean;
}

/** How far a standby is behind. */
export interface Replay {
  /** Bytes of WAL received but not replayed, plus what the primary says it has and has not sent. */
  readonly bytes: number;
  /** Since the last replayed commit; 0 where everything is replayed and the primary still sends. undefined: it has replayed none. */
  readonly seconds: number | undefined;
  readonly paused: boolean;
}

/** One server with everything that was found. */
export interface ServerVitals {
  readonly server: string;
  readonly wrapper: string;
  /** undefined: nobody could log in, or the wrapper is not postgres_fdw. */
  readonly cluster: RemoteCluster | undefined;
  readonly mappings: readonly MappingVitals[];
  readonly usage: ServerUsage;
  /** Sorted by role. */
  readonly readers: readonly ServerReader[];
}

export interface MappingVitals {
  readonly role: MappingRole;
  readonly login: Login | LoginFailure;
}

/** Why nothing is known of a login. `untried`: nobody asked the remote. */
export interface LoginFailure {
  readonly kind: 'refused' | 'unreachable' | 'untried';
  readonly message: string;
  readonly todo: string | undefined;
}

export function isLogin(login: Login | LoginFailure): login is Login {
  return 'connectMs' in login;
}

/** A role whose user mapping is used where it reads tables of a server. */
export interface ServerReader {
  readonly role: string;
  /** Whether it is more than an owner of what it reads. */
  readonly granted: boolean;
  /** A view of its own that reads with its mapping, whoever asks. */
  readonly view: string | null;
  /** The user mapping that serves it. */
  readonly mapping: 'own' | 'public' | 'none';
}

/** How the local database uses a server. */
export interface ServerUsage {
  /** Options of the server that are no secrets, by name. */
  readonly options: Readonly<Record<string, string>>;
  readonly tables: number;
  /** Foreign tables that were never analysed. */
  readonly neverAnalyzed: number;
  /** Foreign tables with `use_remote_estimate` in force. */
  readonly remoteEstimates: number;
  /** The largest table by estimate, with the `fetch_size` in force for it. */
  readonly largest: { readonly table: string; readonly rows: number; readonly fetchSize: number } | undefined;
  /** Whether any table (partition) scans asynchronously. */
  readonly asynchronous: boolean;
  /** Foreign tables that take writes with `batch_size` 1. */
  readonly unbatched: number;
  /** Foreign tables with a column that is compared by the database's default collation. */
  readonly defaultCollated: number;
}

/** The local database's side of it. */
export interface LocalCluster {
  readonly versionNum: number;
  readonly encoding: string;
  readonly collation: VersionedCollation;
  readonly maxConnections: number;
  readonly extensions: Readonly<Record<string, string>>;
}
