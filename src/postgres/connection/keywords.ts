/**
 * How fdw treats one of libpq's connection parameters.
 * - `used`: honoured with libpq's meaning.
 * - `no-effect`: accepted; it tunes something that fdw or node does not have, and leaving it out weakens nothing.
 * - `refused`: leaving it out could weaken security or change what is read, and fdw cannot honour it.
 */
export type Treatment = 'used' | 'no-effect' | 'refused';

export interface Keyword {
  readonly name: string;
  /** The environment variable that libpq reads for it. */
  readonly env: string | undefined;
  readonly treatment: Treatment;
  /** Values that ask for nothing special and so are fine even where the keyword is refused. */
  readonly harmless?: readonly string[];
  /** Its value is never shown. */
  readonly secret?: true;
}

const used = (name: string, env?: string): Keyword => ({ name, env, treatment: 'used' });
const noEffect = (name: string, env?: string): Keyword => ({ name, env, treatment: 'no-effect' });
const refused = (name: string, env: string | undefined, harmless: readonly string[]): Keyword => ({
  name,
  env,
  treatment: 'refused',
  harmless,
});

/**
 * Every parameter key word of libpq 18, with its environment variable.
 * Sources: documentation "Parameter Key Words" and "Environment Variables" of libpq (18), and
 * `PQconninfoOptions` in src/interfaces/libpq/fe-connect.c.
 */
export const keywords: readonly Keyword[] = [
  used('service', 'PGSERVICE'),
  used('host', 'PGHOST'),
  used('hostaddr', 'PGHOSTADDR'),
  used('port', 'PGPORT'),
  used('dbname', 'PGDATABASE'),
  used('user', 'PGUSER'),
  { ...used('password', 'PGPASSWORD'), secret: true },
  used('passfile', 'PGPASSFILE'),
  used('require_auth', 'PGREQUIREAUTH'),
  used('channel_binding', 'PGCHANNELBINDING'),
  used('connect_timeout', 'PGCONNECT_TIMEOUT'),
  used('options', 'PGOPTIONS'),
  used('application_name', 'PGAPPNAME'),
  used('fallback_application_name'),
  used('keepalives'),
  used('keepalives_idle'),
  noEffect('keepalives_interval'),
  noEffect('keepalives_count'),
  noEffect('tcp_user_timeout'),
  // fdw always speaks UTF-8.
  noEffect('client_encoding', 'PGCLIENTENCODING'),
  refused('replication', undefined, ['', 'false', 'off', 'no', '0']),
  refused('gssencmode', 'PGGSSENCMODE', ['', 'disable', 'prefer']),
  noEffect('krbsrvname', 'PGKRBSRVNAME'),
  noEffect('gsslib', 'PGGSSLIB'),
  noEffect('gssdelegation', 'PGGSSDELEGATION'),
  used('sslmode', 'PGSSLMODE'),
  used('requiressl', 'PGREQUIRESSL'),
  used('sslnegotiation', 'PGSSLNEGOTIATION'),
  noEffect('sslcompression', 'PGSSLCOMPRESSION'),
  used('sslcert', 'PGSSLCERT'),
  used('sslkey', 'PGSSLKEY'),
  { ...refused('sslkeylogfile', undefined, ['']) },
  { ...used('sslpassword'), secret: true },
  used('sslcertmode', 'PGSSLCERTMODE'),
  used('sslrootcert', 'PGSSLROOTCERT'),
  used('sslcrl', 'PGSSLCRL'),
  used('sslcrldir', 'PGSSLCRLDIR'),
  used('sslsni', 'PGSSLSNI'),
  used('ssl_min_protocol_version', 'PGSSLMINPROTOCOLVERSION'),
  used('ssl_max_protocol_version', 'PGSSLMAXPROTOCOLVERSION'),
  refused('requirepeer', 'PGREQUIREPEER', ['']),
  refused('min_protocol_version', 'PGMINPROTOCOLVERSION', ['', '3.0']),
  noEffect('max_protocol_version', 'PGMAXPROTOCOLVERSION'),
  used('target_session_attrs', 'PGTARGETSESSIONATTRS'),
  used('load_balance_hosts', 'PGLOADBALANCEHOSTS'),
  { ...refused('scram_client_key', undefined, ['']), secret: true },
  { ...refused('scram_server_key', undefined, ['']), secret: true },
  refused('oauth_issuer', undefined, ['']),
  refused('oauth_client_id', undefined, ['']),
  { ...refused('oauth_client_secret', undefined, ['']), secret: true },
  refused('oauth_scope', undefined, ['']),
];

const byName = new Map(keywords.map((keyword) => [keyword.name, keyword]));

/** The keyword of that exact name (libpq's keywords are case-sensitive). */
export function findKeyword(name: string): Keyword | undefined {
  return byName.get(name);
}

/** The known keyword nearest to a mistyped one; undefined when none is near. */
export function nearestKeyword(name: string): string | undefined {
  const aliases: Readonly<Record<string, string>> = {
    database: 'dbname',
    db: 'dbname',
    username: 'user',
    hostname: 'host',
    server: 'host',
    pwd: 'password',
    pass: 'password',
    ssl_mode: 'sslmode',
    timeout: 'connect_timeout',
  };
  const lower = name.toLowerCase();
  const alias = aliases[lower];
  if (alias !== undefined) return alias;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const keyword of keywords) {
    const distance = editDistance(lower, keyword.name);
    if (best === undefined || distance < best.distance) best = { name: keyword.name, distance };
  }
  const allowed = Math.max(1, Math.floor(name.length / 3));
  return best !== undefined && best.distance <= allowed ? best.name : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  if (a.length > 40) return a.length;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(replaced, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
