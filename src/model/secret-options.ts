/** The kinds of objects that have options. */
export type OptionHolder = 'wrapper' | 'server' | 'user-mapping' | 'foreign-table' | 'column';

/**
 * Whether the value of an option must never be shown.
 *
 * - Any object, any wrapper: a name that says so (`password`, `api_key`, `auth_token` …).
 * - User mappings of postgres_fdw and dblink_fdw: everything but the options that are known to be harmless, so
 *   that a password under a misspelt name is still kept. Their secrets are libpq's `password` and `sslpassword`
 *   (postgresql.org/docs/18/libpq-connect.html, postgres-fdw.html "Connection Options").
 * - User mappings of other wrappers: everything but `user` and `username`.
 */
export function isSecretOption(wrapper: string, holder: OptionHolder, name: string): boolean {
  if (holder === 'user-mapping') {
    if (wrapper === 'postgres_fdw' || wrapper === 'dblink_fdw') return !harmlessForLibpq.has(name);
    return name !== 'user' && name !== 'username';
  }
  return !harmless.has(name) && tellingName.test(name);
}

const tellingName = /passw(or)?d|passphrase|passcode|^pwd$|_pwd$|secret|token|api_?key|private_?key|access_?key|credential/i;

/** Names that only look telling: a switch and a path. */
const harmless: ReadonlySet<string> = new Set(['password_required', 'passfile']);

const harmlessForLibpq: ReadonlySet<string> = new Set([
  'user', 'username', 'password_required', 'passfile', 'use_scram_passthrough', 'sslcert', 'sslkey', 'sslrootcert', 'sslcrl', 'sslcrldir',
  'sslmode', 'sslcertmode', 'sslsni', 'sslcompression', 'ssl_min_protocol_version', 'ssl_max_protocol_version',
  'host', 'hostaddr', 'port', 'dbname', 'service', 'options', 'application_name', 'connect_timeout', 'client_encoding',
  'target_session_attrs', 'load_balance_hosts', 'require_auth', 'channel_binding', 'requirepeer',
  'gssencmode', 'gssdelegation', 'krbsrvname', 'gsslib', 'keepalives', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'tcp_user_timeout',
  'fetch_size', 'batch_size', 'use_remote_estimate', 'extensions', 'updatable', 'truncatable', 'async_capable', 'keep_connections',
  'parallel_commit', 'parallel_abort', 'fdw_startup_cost', 'fdw_tuple_cost', 'analyze_sampling',
]);
