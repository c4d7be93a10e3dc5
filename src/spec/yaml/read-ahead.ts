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
 * ends, and where an anchor or a tag stands before a map, or the map in a list, its entries are left where they are.
 */
export class ReadAhead {
  /** What the library finds wrong with the entries. */
  readonly errors: YAMLError[] = [];
  readonly #reader: NodeReader;
  readonly #step: number;
  #next: number;

  constructor(reader: NodeReader, step: number) {
    this.#reader = reader;
    this.#step = step;
    this.#next = step;
  }

  /** Tells of a token that the parser has finished: directives say what tags mean, and a second document is none of ours. */
  passed({ type }: CST.Token): void {
    if (type === 'directive' || type === 'document') this.#next = Number.POSITIVE_INFINITY;
  }

  /** Takes what is finished, if enough has come since it was looked the last time. From outside to inside is as in the text. */
  look({ offset, stack }: Parser): void {
    if (offset < this.#next) return;
    this.#next = offset + this.#step;
    const [document] = stack;
    if (document?.type !== 'document' || hasProperties(document.start)) return;
    for (const [index, map] of stack.entries()) {
      if (index === 0) continue;
      if (map.type !== 'block-map') return;
      const innermost = index === stack.length - 1;
      // The parser may still put comments to the last entry but one, where nothing follows it yet.
      this.#take(map, map.items.length - (innermost ? 2 : 1), index - 1);
      if (innermost || !leadsOn(map.items.at(-1))) return;
    }
  }

  #take(map: CST.BlockMap, finished: number, depth: number): void {
    let count = finished;
    // Of what has neither key nor colon, the library complains where something follows.
    while (count > 0 && isBare(map.items[count - 1])) count--;
    if (count <= 0) return;
    const { offset, indent } = map;
    const value: CST.BlockMap = { type: 'block-map', offset, indent, items: map.items.splice(0, count) };
    for (const document of new Composer(composing).compose([{ type: 'document', offset, start: [], value }])) {
      for (const error of document.errors) this.errors.push(error);
      if (!isMap(document.contents)) continue;
      this.#reader.readAhead(map, document.contents, offset, depth);
      // To the library, the rest begins where these end.
      map.offset = document.contents.range[1];
    }
  }
}

type Item = CST.BlockMap['items'][number];

function isBare(item: Item | undefined): boolean {
  return item?.key === undefined && item?.sep === undefined;
}

/** Whether what is being parsed is the value of a plain entry, on lines of its own. */
function leadsOn(item: Item | undefined): boolean {
  if (item?.sep === undefined || hasProperties(item.start) || hasProperties(item.sep)) return false;
  return item.key?.type === 'scalar' && item.sep.some(({ type }) => type === 'newline');
}

function hasProperties(tokens: readonly CST.SourceToken[]): boolean {
  return tokens.some(({ type }) => type === 'anchor' || type === 'tag');
}
