import type { OptionHolder } from './secret-options.ts';

/** Where an option of a wrapper may stand; with each, the major of PostgreSQL that it came with, where that is later than 14. */
type KnownOptions = Readonly<Partial<Record<OptionHolder, ReadonlyMap<string, number | undefined>>>>;

function options(always: string, later: Readonly<Record<string, number>> = {}): ReadonlyMap<string, number | undefined> {
  return new Map([...always.split(/\s+/).filter(Boolean).map((name) => [name, undefined] as const), ...Object.entries(later)]);
}

/*
 * libpq's parameters, which wrappers let through as the libpq that they run with knows them: that may be newer than the
 * server, so no major is said of them (is_valid_option in contrib/postgres_fdw/option.c and contrib/dblink/dblink.c, 14 to 18).
 */
const libpq = `
  host hostaddr port dbname service options application_name connect_timeout target_session_attrs load_balance_hosts require_auth
  channel_binding requirepeer passfile sslmode sslnegotiation sslcert sslkey sslrootcert sslcrl sslcrldir sslcertmode sslsni
  sslcompression ssl_min_protocol_version ssl_max_protocol_version min_protocol_version max_protocol_version gssencmode gssdelegation
  krbsrvname gsslib keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout`;

/* InitPgFdwOptions in contrib/postgres_fdw/option.c, 14 to 18. */
const postgresFdw: KnownOptions = {
  wrapper: options(''),
  server: options(
    `${libpq} fetch_size batch_size use_remote_estimate extensions updatable truncatable async_capable keep_connections fdw_startup_cost fdw_tuple_cost`,
    { parallel_commit: 15, parallel_abort: 16, analyze_sampling: 16, use_scram_passthrough: 18 },
  ),
  'user-mapping': options('user password password_required sslpassword sslcert sslkey', { gssdelegation: 16, use_scram_passthrough: 18 }),
  'foreign-table': options('schema_name table_name fetch_size batch_size use_remote_estimate updatable truncatable async_capable', { analyze_sampling: 16 }),
  column: options('column_name'),
};

/* The array valid_options in contrib/file_fdw/file_fdw.c, 14 to 18. */
const fileFdw: KnownOptions = {
  wrapper: options(''),
  server: options(''),
  'user-mapping': options(''),
  'foreign-table': options('filename program format header delimiter quote escape null encoding', { default: 16, on_error: 18, log_verbosity: 18, reject_limit: 18 }),
  column: options('force_not_null force_null'),
};

/* The same of dblink_fdw, which has no foreign tables (contrib/dblink/dblink.c, 14 to 18). */
const dblinkFdw: KnownOptions = {
  wrapper: options(''),
  server: options(`${libpq} fallback_application_name`, { use_scram_passthrough: 18 }),
  'user-mapping': options('user password sslpassword', { use_scram_passthrough: 18 }),
};

const known: ReadonlyMap<string, KnownOptions> = new Map([['postgres_fdw', postgresFdw], ['file_fdw', fileFdw], ['dblink_fdw', dblinkFdw]]);

/** The options that a wrapper takes on that kind of object, in any major, as far as fdw knows. @returns undefined where it does not */
export function knownOptions(wrapper: string, holder: OptionHolder): Pick<ReadonlySet<string>, 'has' | 'keys'> | undefined {
  return known.get(wrapper)?.[holder];
}

/** The other kinds of objects on which the wrapper takes an option of that name. */
export function holdersOf(wrapper: string, name: string): readonly OptionHolder[] {
  const holders: readonly OptionHolder[] = ['server', 'user-mapping', 'foreign-table', 'column'];
  return holders.filter((holder) => knownOptions(wrapper, holder)?.has(name) === true);
}

/** The major of PostgreSQL that brought an option; undefined where it was there in 14, or fdw does not know it. */
export function majorOf(wrapper: string, holder: OptionHolder, name: string): number | undefined {
  return known.get(wrapper)?.[holder]?.get(name);
}
