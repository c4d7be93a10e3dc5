import type { Pieces } from './pieces.ts';

/** What XML 1.0 cannot hold, even escaped: most control characters, halves of surrogate pairs, two noncharacters. */
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Surrogate}]/gu;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' };

/** Text between tags. */
export function xmlText(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>\r]/g, (character) => entities[character] ?? '');
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its attributes (undefined ones left out) and what is in it, which is XML already. */
export function element(name: string, attributes: Attributes, content: readonly string[] = []): string {
  return content.length === 0 ? `<${name}${shown(attributes)}/>` : `<${name}${shown(attributes)}>${content.join('\n')}</${name}>`;
}

/** The same, of elements that are made as they are written. */
export function* elementPieces(name: string, attributes: Attributes, content: Iterable<Pieces>): Generator<string> {
  let empty = true;
  for (const each of content) {
    yield empty ? `<${name}${shown(attributes)}>` : '\n';
    yield* each;
    empty = false;
  }
  yield empty ? `<${name}${shown(attributes)}/>` : `</${name}>`;
}

function shown(attributes: Attributes): string {
  return Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${attribute(String(value))}"`])).join('');
}

function attribute(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>"\n\r\t]/g, (character) => entities[character] ?? '');
}
