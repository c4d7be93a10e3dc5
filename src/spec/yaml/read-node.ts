import { isAlias, isMap, isScalar, isSeq, Scalar, type Alias, type CST, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { SourceFile, TextRange } from '../../base/source.ts';
import { nearest } from '../../base/nearest.ts';
import { Shared } from '../../base/shared.ts';
import { Place } from '../positions.ts';
import type { ProblemList } from '../problem-list.ts';
import { placeOf, shown } from '../words.ts';
import { isNull, ListNode, MapEntry, MapNode, type Node, ScalarNode } from './node.ts';
import { Packer } from './pack.ts';

/** Deeper than any spec; far from where recursion ends. */
export const deepest = 64;
export const nestingHint = `a spec needs no more than ${deepest} levels`;
/** Values that aliases and merge keys may add to what is written; reading that many takes about half a second. */
const mostCopied = 100_000;

/**
 * Makes our tree of the library's: resolves aliases and merge keys, refuses tags, duplicate and odd keys. Entries of maps may
 * be read ahead, before the library has composed the maps that they are in; what comes first in the text must be read first.
 */
export class NodeReader {
  readonly #source: SourceFile;
  readonly #problems: ProblemList;
  /** By anchor, in document order: an alias means the last one before it. 'open' while it is being read. */
  readonly #anchors = new Map<string, Node | 'open'>();
  /** The maps of which something was read ahead. */
  readonly #begun = new Map<unknown, ReadEntries>();
  readonly #texts = new Shared<string>();
  readonly #packer: Packer;
  #copied = 0;
  #tooMany = false;

  constructor(source: SourceFile, problems: ProblemList) {
    this.#source = source;
    this.#problems = problems;
    this.#packer = new Packer(source);
  }

  /** The whole tree; what cannot be read stands in it as null, and `problems` says so. */
  read(root: unknown): Node {
    return this.#node(root, { start: 0, end: 1 }, 0);
  }

  /**
   * Reads the first entries of a map, or its next ones. There may be many, so their values are packed.
   * @param token what the library's parser makes of the map
   * @param some a map of those entries alone, composed
   * @param start where the map begins
   * @param depth how many lists and maps it is in
   */
  readAhead(token: CST.BlockMap | CST.FlowCollection, some: YAMLMap, start: number, depth: number): void {
    const begun = this.#begun.get(token) ?? nothingRead(start);
    this.#begun.set(token, begun);
    this.#entries(some, begun, depth, (value) => this.#packer.pack(value));
  }

  #node(node: unknown, fallback: TextRange, depth: number): Node {
    if (depth > deepest) {
      this.#problem(rangeOf(node) ?? fallback, 'the file is nested too deeply', nestingHint);
      return this.#null(fallback);
    }
    if (isAlias(node)) return this.#alias(node, fallback);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return this.#null(fallback);
    this.#checkTag(node, fallback);
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const read = isScalar(node) ? this.#scalar(node, fallback) : isSeq(node) ? this.#list(node, fallback, depth) : this.#map(node, fallback, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #scalar(node: Scalar, fallback: TextRange): ScalarNode {
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    const plain = (node.type === undefined || node.type === Scalar.PLAIN) && node.tag !== stringTag;
    const own = rangeOf(node);
    return new ScalarNode(text.length > longestShared ? text : this.#texts.get(text, () => text), plain, this.#place(own === undefined || own.end === own.start ? fallback : own));
  }

  #list(node: YAMLSeq, fallback: TextRange, depth: number): ListNode {
    const range = rangeOf(node) ?? fallback;
    const items = node.items.map((item) => this.#node(item, range, depth + 1));
    return new ListNode(items, this.#place(range), sizeOf(items));
  }

  #map(node: YAMLMap, fallback: TextRange, depth: number): MapNode {
    const { start, end } = rangeOf(node) ?? fallback;
    const read = this.#begun.get(node.srcToken) ?? nothingRead(start);
    this.#begun.delete(node.srcToken);
    this.#entries(node, read, depth);
    for (const entry of read.merged) if (!read.entries.has(entry.key)) read.entries.set(entry.key, entry);
    const entries = [...read.entries.values()];
    return new MapNode(entries, read.repeated.length === 0 ? none : read.repeated, this.#place({ start: read.start, end }), sizeOf(entries.map(({ value }) => value)));
  }

  /** Adds the entries of a map, or of a part of it, to those that are read already. */
  #entries(node: YAMLMap, read: ReadEntries, depth: number, keep: (value: Node) => Node = (value) => value): void {
    const range = rangeOf(node) ?? { start: read.start, end: read.start };
    for (const pair of node.items) {
      const key = this.#key(pair, range, depth);
      if (key === undefined) continue;
      const value = this.#node(pair.value, key.range, depth + 1);
      if (key.merge) {
        read.merged.push(...this.#merge(value, key.range));
        continue;
      }
      const entry = new MapEntry(key.text, keep(value), this.#place(key.range));
      const first = read.entries.get(key.text);
      if (first === undefined) read.entries.set(key.text, entry);
      else {
        this.#problems.add(entry.keyAt, `the key ${shown(key.text)} is written twice`, `it is first written at ${placeOf(first.keyAt)}`);
        read.repeated.push(entry);
      }
    }
  }

  #key(pair: Pair, within: TextRange, depth: number): { readonly text: string; readonly range: TextRange; readonly merge: boolean } | undefined {
    const written: unknown = pair.key;
    const range = rangeOf(written) ?? within;
    const key = isAlias(written) ? this.#alias(written, range) : this.#node(written, range, depth + 1);
    if (key.kind !== 'scalar') {
      this.#problem(key, 'a key must be a text', 'a list or map cannot be a key; quote a text that starts with [ or {');
      return undefined;
    }
    if (isNull(key)) {
      const missing = key.text === '';
      this.#problem(range, missing ? 'a key is missing before the colon' : `the key ${shown(key.text)} is null to YAML`, missing ? undefined : 'quote it');
      return undefined;
    }
    return { text: key.text, range, merge: key.plain && key.text === '<<' };
  }

  /** The entries of `<<: *base` or `<<: [*first, *second]`; what comes first wins. */
  #merge(value: Node, range: TextRange): readonly MapEntry[] {
    const maps = value.kind === 'list' ? value.items : [value];
    return maps.flatMap((map) => {
      if (map.kind === 'map') return map.entries;
      // Beyond the limit, aliases read as null.
      if (!this.#tooMany) this.#problem(range, 'the merge key `<<` takes a map or a list of maps', 'write `<<: *name`, where `&name` stands before a map');
      return [];
    });
  }

  #alias(alias: Alias, fallback: TextRange): Node {
    const range = rangeOf(alias) ?? fallback;
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      const near = nearest(alias.source, this.#anchors.keys());
      this.#problem(range, `there is no anchor ${shown(`&${alias.source}`)} before this alias`, near === undefined ? 'quote a text that starts with *' : `did you mean \`*${near}\`?`);
    } else if (target === 'open') {
      this.#problem(range, `the alias ${shown(`*${alias.source}`)} stands inside its own anchor`);
    } else {
      this.#count(target.size, range);
      if (!this.#tooMany) return target;
    }
    return this.#null(range);
  }

  #count(size: number, range: TextRange): void {
    this.#copied += size;
    if (this.#copied <= mostCopied || this.#tooMany) return;
    this.#tooMany = true;
    this.#problem(range, `aliases make the spec grow by more than ${mostCopied.toLocaleString('en')} values`, 'use fewer aliases of aliases');
  }

  #checkTag(node: Scalar | YAMLMap | YAMLSeq, fallback: TextRange): void {
    const { tag } = node;
    if (tag === undefined || allowedTags.has(tag)) return;
    this.#problem(rangeOf(node) ?? fallback, `a spec takes no tags, and this value has ${shown(tag.replace('tag:yaml.org,2002:', '!!'))}`, 'remove it; quote a text that starts with !');
  }

  #null(range: TextRange): ScalarNode {
    return new ScalarNode('', true, this.#place(range));
  }

  #place({ start, end }: TextRange): Place {
    return new Place(this.#source, start, end);
  }

  #problem(range: TextRange, message: string, hint?: string): void {
    this.#problems.add(this.#place(range), message, hint);
  }
}

/** What is read of a map. */
interface ReadEntries {
  /** Where the map begins. */
  readonly start: number;
  readonly entries: Map<string, MapEntry>;
  readonly merged: MapEntry[];
  readonly repeated: MapEntry[];
}

function nothingRead(start: number): ReadEntries {
  return { start, entries: new Map(), merged: [], repeated: [] };
}

const none: readonly MapEntry[] = [];
/** Longer texts are seldom alike. */
const longestShared = 100;

const stringTag = 'tag:yaml.org,2002:str';
/** Tags that say what is so anyway. */
const allowedTags: ReadonlySet<string> = new Set([stringTag, 'tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq']);

function rangeOf(node: unknown): TextRange | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  const { range } = node;
  return range === undefined || range === null ? undefined : { start: range[0], end: range[1] };
}

function sizeOf(children: readonly Node[]): number {
  return children.reduce((sum, child) => sum + child.size, 1);
}
