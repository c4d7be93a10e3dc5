/* Settings of a session that print and read constants and names in other ways than they are mostly printed and read. */
const settings = {
  DateStyle: 'SQL,DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Asia/Kathmandu',
  extra_float_digits: '-10',
  bytea_output: 'escape',
  quote_all_identifiers: 'on',
  standard_conforming_strings: 'off',
  escape_string_warning: 'off',
  xmlbinary: 'hex',
};

/**
 * The URL with settings for the session that a database, a role or the environment may have as well.
 * @param path the search_path, where an extension of a spec that names no schema is made
 */
export function withStrangeSettings(url: string, path = 'nowhere'): string {
  const options = Object.entries({ ...settings, search_path: path }).map(([name, value]) => `-c ${name}=${value}`).join(' ');
  return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(options)}`;
}
