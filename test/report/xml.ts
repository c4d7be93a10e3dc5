export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What XML 1.0 allows in a document. */
const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The elements of an XML document in order. Only what our own writers make: no comments, no DTD, no CDATA.
 * @throws Error where it is not well-formed
 */
export function parseXml(xml: string): { readonly root: string; readonly elements: readonly Element[] } {
  if (!allowed.test(xml)) throw new Error('a character that XML cannot hold');
  let rest = xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '');
  const open: string[] = [];
  const elements: Element[] = [];
  while (rest !== '') {
    const tag = /^<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/.exec(rest);
    const text = /^[^<]+/.exec(rest);
    if (tag !== null) {
      const [, closing, name = '', attributes = '', empty] = tag;
      if (closing === '/' && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      if (closing === '') {
        if (open.length === 0 && elements.length > 0) throw new Error('a second root');
        elements.push({ name, attributes: Object.fromEntries([...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescape(value)])) });
        if (empty === '') open.push(name);
      }
    } else if (text !== null) {
      if (text[0].includes(']]>')) throw new Error('a ]]> in text');
      unescape(text[0]);
    } else throw new Error(`no tag: ${rest.slice(0, 40)}`);
    rest = rest.slice((tag ?? text)?.[0].length);
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} not closed`);
  return { root: elements[0]?.name ?? '', elements };
}

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|([a-z]+)|.?)(;?)/g, (whole, code: string | undefined, name: string | undefined, end: string) => {
    const character = code !== undefined ? String.fromCodePoint(Number(code)) : entities[name ?? ''];
    if (end === '' || character === undefined) throw new Error(`no entity: ${whole}`);
    return character;
  });
}
