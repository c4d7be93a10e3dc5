/** A key or a value that YAML could read as something else, in quotes. */
export function yamlText(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.]*( [A-Za-z0-9_.]+)*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text);
}
