import type { OptionHolder } from './secret-options.ts';

/** Where an option of a wrapper may stand. */
type KnownOptions = Readonly<Partial<Record<OptionHolder, ReadonlySet<string>>>>;

/*
 * InitPgFdwOptions in contrib/postgres_fdw/option.c, with libpq's own parameters that it lets through: what PostgreSQL 14
 * to 18 take together. A newer libpq may know more.
 */
const postgresFdw: KnownOptions = {
  server: new Set([
    'host', 'hostaddr', 'port', 'dbname', 'service', 'options', 'application_name', 'connect_timeout', 'target_session_attrs',
    'load_balance_hosts', 'require_auth', 'channel_binding', 'requirepeer', 'passfile', 'sslmode', 'sslnegotiation', 'sslcert', 'sslkey',
    'sslrootcert', 'sslcrl', 'sslcrldir', 'sslcertmode', 'sslsni', 'sslcompression', 'ssl_min_protocol_version', 'ssl_max_protocol_version',
    'min_protocol_version', 'max_protocol_version', 'gssencmode', 'gssdelegation', 'krbsrvname', 'gsslib', 'keepalives', 'keepalives_idle',
    'keepalives_interval', 'keepalives_count', 'tcp_user_timeout', 'fetch_size', 'batch_size', 'use_remote_estimate', 'extensions', 'updatable',
    'truncatable', 'async_capable', 'keep_connections', 'parallel_commit', 'parallel_abort', 'fdw_startup_cost', 'fdw_tuple_cost',
    'analyze_sampling', 'use_scram_passthrough',
  ]),
  'user-mapping': new Set(['user', 'password', 'password_required', 'sslpassword', 'sslcert', 'sslkey', 'gssdelegation', 'use_scram_passthrough']),
  'foreign-table': new Set([
    'schema_name', 'table_name', 'fetch_size', 'batch_size', 'use_remote_estimate', 'updatable', 'truncatable', 'async_capable', 'analyze_sampling',
  ]),
  column: new Set(['column_name']),
};

/** The options that a wrapper takes on that kind of object, as far as fdw knows. @returns undefined where it does not */
export function knownOptions(wrapper: string, holder: OptionHolder): ReadonlySet<string> | undefined {
  return wrapper === 'postgres_fdw' ? postgresFdw[holder] : undefined;
}

/** The other kinds of objects on which the wrapper takes an option of that name. */
export function holdersOf(wrapper: string, name: string): readonly OptionHolder[] {
  const holders: readonly OptionHolder[] = ['server', 'user-mapping', 'foreign-table', 'column'];
  return holders.filter((holder) => knownOptions(wrapper, holder)?.has(name) === true);
}
