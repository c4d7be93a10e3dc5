import type { SourceFile, TextRange } from '../../base/source.ts';
import { Place } from '../positions.ts';
import { ListNode, MapEntry, MapNode, type Node, ScalarNode } from './node.ts';
import { NumberReader, NumberWriter } from './numbers.ts';

/** Nodes of one source as numbers: what each is, where it stands, what it holds. */
export interface Encoded {
  readonly numbers: Uint8Array;
  /** The texts that do not stand in the source as they are. */
  readonly texts: readonly string[];
}

const kinds = { plain: 0, quoted: 1, list: 2, map: 3 };
/** Of a text: it is all that stands in its place; all but the quotes; from here on, which of the `texts` it is. */
const asWritten = 0;
const betweenQuotes = 1;
const apart = 2;

/** Encodes what maps hold. */
export class NodeEncoder {
  readonly #source: SourceFile;
  readonly #numbers = new NumberWriter();
  #texts: string[] = [];

  constructor(source: SourceFile) {
    this.#source = source;
  }

  encode(map: MapNode): Encoded {
    this.#texts = [];
    this.#content(map);
    return { numbers: this.#numbers.take(), texts: this.#texts.length === 0 ? none : this.#texts };
  }

  #content({ entries, repeated, start }: MapNode): void {
    for (const some of [entries, repeated]) {
      this.#numbers.write(some.length);
      for (const entry of some) {
        this.#range(entry, start);
        this.#numbers.write(this.#form(entry.key, entry));
        this.#node(entry.value, entry.start);
      }
    }
  }

  #node(node: Node, near: number): void {
    const kind = node.kind === 'scalar' ? (node.plain ? kinds.plain : kinds.quoted) : kinds[node.kind];
    this.#numbers.write(4 * (node.kind === 'scalar' ? this.#form(node.text, node) : node.size) + kind);
    this.#range(node, near);
    if (node.kind === 'map') this.#content(node);
    if (node.kind !== 'list') return;
    this.#numbers.write(node.items.length);
    for (const item of node.items) this.#node(item, node.start);
  }

  /** A value mostly stands where it is expected, but what an alias stands for is far away, and before it. */
  #range({ start, end }: TextRange, near: number): void {
    this.#numbers.write(start >= near ? 2 * (start - near) : 2 * (near - start) - 1);
    this.#numbers.write(end - start);
  }

  #form(text: string, { start, end }: TextRange): number {
    const written = this.#source.text;
    if (end - start === text.length && written.startsWith(text, start)) return asWritten;
    if (end - start === text.length + 2 && written.startsWith(text, start + 1)) return betweenQuotes;
    return apart + this.#texts.push(text) - 1;
  }
}

const none: readonly string[] = [];

/** @param at of the map */
export function decodeEntries(at: Place, encoded: Encoded): readonly MapEntry[] {
  return new NodeDecoder(at.source, encoded).entries(at.start);
}

class NodeDecoder {
  readonly #source: SourceFile;
  readonly #numbers: NumberReader;
  readonly #texts: readonly string[];

  constructor(source: SourceFile, { numbers, texts }: Encoded) {
    this.#source = source;
    this.#numbers = new NumberReader(numbers);
    this.#texts = texts;
  }

  entries(near: number): readonly MapEntry[] {
    return Array.from({ length: this.#numbers.read() }, () => {
      const place = this.#place(near);
      const key = this.#text(this.#numbers.read(), place);
      return new MapEntry(key, this.#node(place.start), place);
    });
  }

  #node(near: number): Node {
    const first = this.#numbers.read();
    const kind = first % 4;
    const more = (first - kind) / 4;
    const place = this.#place(near);
    if (kind === kinds.map) return new MapNode(this.entries(place.start), this.entries(place.start), place, more);
    if (kind !== kinds.list) return new ScalarNode(this.#text(more, place), kind === kinds.plain, place);
    return new ListNode(Array.from({ length: this.#numbers.read() }, () => this.#node(place.start)), place, more);
  }

  #place(near: number): Place {
    const distance = this.#numbers.read();
    const start = distance % 2 === 0 ? near + distance / 2 : near - (distance + 1) / 2;
    return new Place(this.#source, start, start + this.#numbers.read());
  }

  #text(form: number, { start, end }: Place): string {
    if (form === asWritten) return this.#source.text.slice(start, end);
    if (form === betweenQuotes) return this.#source.text.slice(start + 1, end - 1);
    return this.#texts[form - apart] ?? '';
  }
}
