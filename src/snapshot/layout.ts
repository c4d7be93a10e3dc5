/** A value of JSON that stands on one line, whatever is in it. */
export class Line {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** JSON with a say in where lines break. */
export type Layout = string | number | boolean | null | Line | readonly Layout[] | Map<string, Layout>;

/** A layout as text, two spaces a level, so that a change of one thing is a change of one line. */
export function layOut(layout: Layout, indent = ''): string {
  if (layout instanceof Line) return oneLine(layout.value);
  if (layout instanceof Map) return block('{', '}', [...layout].map(([key, value]) => `${JSON.stringify(key)}: ${layOut(value, `${indent}  `)}`), indent);
  if (typeof layout !== 'object' || layout === null) return JSON.stringify(layout);
  return block('[', ']', layout.map((value) => layOut(value, `${indent}  `)), indent);
}

function block(open: string, close: string, parts: readonly string[], indent: string): string {
  return parts.length === 0 ? open + close : `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}

/** With a space after commas and colons, as people write it. What is undefined is left out. */
function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).flatMap(([key, part]: [string, unknown]) => (part === undefined ? [] : [`${JSON.stringify(key)}: ${oneLine(part)}`]));
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
