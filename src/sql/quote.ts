import format from 'pg-format';

/**
 * The one quoting module: every identifier and literal that goes into SQL text passes through here.
 */

/** An identifier, quoted where it must be. */
export function ident(name: string): string {
  return format.ident(name);
}

/** `schema.name`, each part quoted where it must be. */
export function qualified(name: { readonly schema: string; readonly name: string }): string {
  return `${format.ident(name.schema)}.${format.ident(name.name)}`;
}

/** A string literal; with backslashes it becomes `E'…'`, which OPTIONS accepts too. */
export function literal(text: string): string {
  return format.literal(text);
}

/** A line of comment, whatever the text has in it. */
export function comment(text: string): string {
  return `-- ${text.replaceAll(/[\r\n]+/g, ' ')}`;
}
