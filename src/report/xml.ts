/** What XML 1.0 cannot hold, even escaped: most control characters, halves of surrogate pairs, two noncharacters. */
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Surrogate}]/gu;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' };

/** Text between tags. */
export function xmlText(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>\r]/g, (character) => entities[character] ?? '');
}

/** An element with its attributes (undefined ones left out) and what is in it, which is XML already. */
export function element(name: string, attributes: Readonly<Record<string, string | number | undefined>>, content: readonly string[] = []): string {
  const shown = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${attribute(String(value))}"`]));
  const open = `<${name}${shown.join('')}`;
  return content.length === 0 ? `${open}/>` : `${open}>${content.join('\n')}</${name}>`;
}

function attribute(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>"\n\r\t]/g, (character) => entities[character] ?? '');
}
