/**
 * Whether two texts of one option mean the same to its wrapper. PostgreSQL stores what was written and the
 * wrapper parses it anew each time, so `TRUE` and `on`, or `100` and `1e2`, are one value in two spellings.
 * Only what is known of a wrapper is compared by meaning; everything else by its text.
 */
export function sameMeaning(wrapper: string, name: string, a: string, b: string): boolean {
  if (a === b) return true;
  if (wrapper !== 'postgres_fdw') return false;
  if (booleans.has(name)) return defined(asBoolean(a)) && asBoolean(a) === asBoolean(b);
  if (name === 'extensions') return sameExtensions(a, b);
  if (numbers.has(name)) return defined(asNumber(a)) && asNumber(a) === asNumber(b);
  return false;
}

function defined(value: unknown): boolean {
  return value !== undefined;
}

/* defGetBoolean takes these words in any case, and no others, for the value of an option (commands/define.c). */
function asBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === 'true' || word === 'on' ? true : word === 'false' || word === 'off' ? false : undefined;
}

/* parse_int and parse_real: spaces around, decimal, hexadecimal or exponent (utils/misc/guc.c). Units are refused. */
function asNumber(text: string): number | undefined {
  const trimmed = text.trim();
  const value = Number(trimmed);
  return trimmed === '' || !Number.isFinite(value) ? undefined : value;
}

/* ExtractExtensionList in contrib/postgres_fdw/option.c makes a list to look names up in: their order means nothing. */
function sameExtensions(a: string, b: string): boolean {
  const [one, other] = [identifiersIn(a), identifiersIn(b)];
  return one !== undefined && other !== undefined && one.size === other.size && [...one].every((name) => other.has(name));
}

/**
 * The names in a list as `SplitIdentifierString` takes it apart (utils/adt/varlena.c, 14 to 18): `a, "B""c"`. Unquoted names
 * are folded to lower case. Undefined where it would refuse the list, or what it makes of it depends on the encoding.
 */
function identifiersIn(list: string): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  if (/^[ \t\n\r\f]*$/.test(list)) return names;
  const element = /[ \t\n\r\f]*(?:"((?:[^"]|"")*)"|([^\s,"\u0080-\uffff][^\s,\u0080-\uffff]*))[ \t\n\r\f]*(,|$)/y;
  for (let end = ','; end === ','; ) {
    const found = element.exec(list);
    if (found === null) return undefined;
    const [, quoted, plain] = found;
    const name = quoted === undefined ? (plain ?? '').replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : quoted.replaceAll('""', '"');
    // Longer names are cut off, at a place that depends on the encoding.
    if (name.length > 63 || /[^\u0001-\u007f]/.test(name)) return undefined;
    names.add(name);
    end = found[3] ?? '';
  }
  return names;
}

/* contrib/postgres_fdw/option.c, postgres_fdw_validator, 14 to 18. */
const booleans: ReadonlySet<string> = new Set([
  'use_remote_estimate', 'updatable', 'truncatable', 'async_capable', 'keep_connections', 'parallel_commit', 'parallel_abort',
  'password_required', 'use_scram_passthrough',
]);
const numbers: ReadonlySet<string> = new Set(['fetch_size', 'batch_size', 'fdw_startup_cost', 'fdw_tuple_cost']);
