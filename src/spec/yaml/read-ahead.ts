import { Composer, isMap, type CST, type DocumentOptions, type ParseOptions, type Parser, type SchemaOptions, type YAMLError } from 'yaml';
import type { NodeReader } from './read-node.ts';

/** How the library shall compose: every scalar the text that was written, and each node with what the parser made of it. */
export const composing: ParseOptions & DocumentOptions & SchemaOptions = { schema: 'failsafe', uniqueKeys: false, strict: true, prettyErrors: false, logLevel: 'silent', keepSourceTokens: true };

/**
 * Takes finished entries of a text's outer maps out of the library's tree while the rest is still being parsed, composes
 * them alone and hands them to the reader. That tree takes a hundred times the memory of its text, so of a spec with ten
 * thousand tables only a few are in it at a time.
 *
 * What comes out is the same as of composing all at once: entries do not depend upon each other but for where the one before
 * ends, and where an anchor or a tag stands before a map, or the map in a list, its entries are left where they are. Maps in
 * braces, as JSON has them, are divided at their commas. (Where such a map is a key, over several lines, it is wrong anyway, and another error may be told.)
 */
export class ReadAhead {
  /** What the library finds wrong with the entries. */
  readonly errors: YAMLError[] = [];
  readonly #reader: NodeReader;
  readonly #step: number;
  #next: number;
  /** Of maps in braces of which entries were taken, where the last comma before the rest is. */
  readonly #commas = new Map<CST.FlowCollection, number>();

  constructor(reader: NodeReader, step: number) {
    this.#reader = reader;
    this.#step = step;
    this.#next = step;
  }

  /** Tells of a token that the parser has finished: directives say what tags mean, and a second document is none of ours. */
  passed({ type }: CST.Token): void {
    if (type !== 'directive' && type !== 'document') return;
    this.#next = Number.POSITIVE_INFINITY;
    for (const [map, offset] of this.#commas) map.offset = offset;
  }

  /** Takes what is finished, if enough has come since it was looked the last time. From outside to inside is as in the text. */
  look({ offset, stack }: Parser): void {
    if (offset < this.#next) return;
    this.#next = offset + this.#step;
    const [document] = stack;
    if (document?.type !== 'document' || hasProperties(document.start)) return;
    for (const [index, map] of stack.entries()) {
      if (index === 0) continue;
      const inner = stack[index + 1];
      if (map.type === 'block-map') {
        // The parser may still put comments to the last entry but one, where nothing follows it yet.
        this.#takeLines(map, map.items.length - (inner === undefined ? 2 : 1), index - 1);
      } else if (map.type === 'flow-collection' && map.start.type === 'flow-map-start') {
        this.#takeBraced(map, map.items.length - 1, index - 1);
      } else return;
      if (inner === undefined || !leadsOn(map, map.items.at(-1), inner)) return;
    }
  }

  #takeLines(map: CST.BlockMap, finished: number, depth: number): void {
    const count = withoutBare(map.items, finished);
    if (count <= 0) return;
    const { offset, indent } = map;
    const end = this.#compose(map, { type: 'block-map', offset, indent, items: map.items.splice(0, count) }, offset, depth);
    // To the library, the rest begins where these end.
    map.offset = end ?? offset;
  }

  #takeBraced(map: CST.FlowCollection, finished: number, depth: number): void {
    let count = withoutBare(map.items, finished);
    // Where the next one has no key yet, further commas may still come.
    if (isBare(map.items[count])) count = withoutBare(map.items, count - 1);
    const next = map.items[count];
    const [comma, ...rest] = next?.start ?? [];
    if (count <= 0 || next === undefined || comma?.type !== 'comma' || rest.some(({ type }) => type === 'comma')) return;
    const { offset, indent, start } = map;
    const end: CST.SourceToken = { type: 'flow-map-end', offset: comma.offset, indent: -1, source: '}' };
    this.#compose(map, { type: 'flow-collection', offset: this.#commas.get(map) ?? offset, indent, start, items: map.items.splice(0, count), end: [end] }, offset, depth);
    next.start = rest;
    // To the library, the comma will be the brace that the rest begins with; to the parser, the map is where it is.
    this.#commas.set(map, comma.offset);
  }

  /** @returns where what was composed ends */
  #compose(map: CST.BlockMap | CST.FlowCollection, value: CST.BlockMap | CST.FlowCollection, start: number, depth: number): number | undefined {
    let end: number | undefined;
    for (const document of new Composer(composing).compose([{ type: 'document', offset: value.offset, start: [], value }])) {
      for (const error of document.errors) this.errors.push(error);
      if (!isMap(document.contents)) continue;
      this.#reader.readAhead(map, document.contents, start, depth);
      [, end] = document.contents.range;
    }
    return end;
  }
}

type Item = CST.BlockMap['items'][number] | CST.FlowCollection['items'][number];

/** Of what has neither key nor colon, the library complains where something follows. */
function withoutBare(items: readonly Item[], finished: number): number {
  let count = finished;
  while (count > 0 && isBare(items[count - 1])) count--;
  return count;
}

function isBare(item: Item | undefined): boolean {
  return item?.key === undefined && item?.sep === undefined;
}

/** Whether what is being parsed is the value of a plain entry; a map without braces, on lines of its own and not in braces. */
function leadsOn(within: CST.Token, item: Item | undefined, { type }: CST.Token): boolean {
  if (item?.sep === undefined || item.value !== undefined || hasProperties(item.start) || hasProperties(item.sep)) return false;
  const keyed = item.key?.type === 'scalar' || item.key?.type === 'double-quoted-scalar' || item.key?.type === 'single-quoted-scalar';
  const braced = type === 'flow-collection';
  return keyed && (braced || within.type === 'block-map') && item.sep.some((token) => token.type === (braced ? 'map-value-ind' : 'newline'));
}

function hasProperties(tokens: readonly CST.SourceToken[]): boolean {
  return tokens.some(({ type }) => type === 'anchor' || type === 'tag');
}
