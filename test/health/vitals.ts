import type { LocalCluster, Login, RemoteCluster, ServerUsage, ServerVitals } from '../../src/model/vitals.ts';

/** A login with nothing to object to. */
const login: Login = {
  connectMs: 12,
  roundTripMs: 0.42,
  versionNum: 180004,
  database: 'shop',
  user: 'shop_ro',
  superuser: false,
  bypassesRowSecurity: false,
  connectionLimit: -1,
  passwordValidUntil: undefined,
  tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', bits: 256 },
  gssEncrypted: false,
  backendAgeSeconds: 0.01,
  port: 5432,
  lent: undefined,
  timeLimits: { statement_timeout: 0 },
  rowSecurity: [],
};

const collation = { provider: 'libc', locale: 'C.UTF-8', version: undefined } as const;

/** A primary with nothing to object to. */
export const primary: RemoteCluster = {
  inRecovery: false,
  readOnly: false,
  encoding: 'UTF8',
  collation,
  timeZone: 'UTC',
  maxConnections: 500,
  reservedConnections: 3,
  connections: 7,
  databaseConnectionLimit: -1,
  hotStandbyFeedback: false,
  maxStandbyStreamingDelay: 30_000,
  conflicts: undefined,
  synchronousStandbyNames: '',
  standbys: [],
  receiver: undefined,
  replay: { bytes: 0, seconds: 0, paused: false },
  extensions: { plpgsql: '1.0', citext: '1.6' },
  answeredBy: undefined,
};

/** A standby with nothing to object to. */
export const standby: RemoteCluster = { ...primary, inRecovery: true, hotStandbyFeedback: true, standbys: [], conflicts: 0, receiver: { status: 'streaming', visible: true } };

const usage: ServerUsage = {
  options: { host: 'shop.internal', connect_timeout: '5', sslmode: 'verify-full' },
  tables: 2,
  neverAnalyzed: 0,
  remoteEstimates: 0,
  largest: { table: 'shop.orders', rows: 5_000, fetchSize: 100 },
  asynchronous: false,
  unbatched: 0,
  defaultCollated: 1,
};

export const local: LocalCluster = { versionNum: 180004, encoding: 'UTF8', collation, maxConnections: 100, extensions: { postgres_fdw: '1.2', citext: '1.6' } };

/** A server with nothing to object to, but for what is given. */
export function server(of: { readonly login?: Partial<Login>; readonly cluster?: RemoteCluster; readonly usage?: Partial<ServerUsage> } = {}): ServerVitals {
  return {
    server: 'shop',
    wrapper: 'postgres_fdw',
    cluster: of.cluster ?? primary,
    mappings: [{ role: { kind: 'public' }, login: { ...login, ...of.login } }],
    usage: { ...usage, ...of.usage },
    readers: [],
  };
}
