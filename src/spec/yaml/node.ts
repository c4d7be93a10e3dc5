import type { SourceFile } from '../../base/source.ts';
import { Place } from '../positions.ts';

/**
 * The spec as a tree of our own: aliases and merge keys resolved, every scalar the text that was written,
 * every key a text. Nodes behind aliases are shared, so it is a graph without cycles.
 *
 * A large spec has a million of them, so each holds as little as it can: offsets, of which a place is made when it is wanted.
 */
export type Node = ScalarNode | ListNode | MapNode;

/** A part of a source. */
abstract class Part {
  readonly source: SourceFile;
  /** Offsets into its text. */
  readonly start: number;
  readonly end: number;

  constructor({ source, start, end }: Place) {
    this.source = source;
    this.start = start;
    this.end = end;
  }
}

abstract class ValueNode extends Part {
  /** Where the value stands, in its whole extent; an empty value stands where its key does. */
  get at(): Place {
    return new Place(this.source, this.start, this.end);
  }
}

export class ScalarNode extends ValueNode {
  readonly text: string;
  /** Written without quotes and not as a block, so that `null`, `true` and numbers mean what they look like. */
  readonly plain: boolean;

  constructor(text: string, plain: boolean, at: Place) {
    super(at);
    this.text = text;
    this.plain = plain;
  }

  get kind(): 'scalar' {
    return 'scalar';
  }

  /** How many nodes it holds, itself included. */
  get size(): number {
    return 1;
  }

  /** Another text in its place. */
  with(text: string): ScalarNode {
    return new ScalarNode(text, this.plain, this.at);
  }
}

export class ListNode extends ValueNode {
  readonly items: readonly Node[];
  /** How many nodes it holds, itself included, shared ones counted each time. */
  readonly size: number;

  constructor(items: readonly Node[], at: Place, size: number) {
    super(at);
    this.items = items;
    this.size = size;
  }

  get kind(): 'list' {
    return 'list';
  }

  /** Other items in its place. */
  with(items: readonly Node[]): ListNode {
    return new ListNode(items, this.at, this.size);
  }
}

/** Entries that are made when somebody asks for them. */
export abstract class LateEntries {
  abstract get(): readonly MapEntry[];
}

export class MapNode extends ValueNode {
  readonly #entries: readonly MapEntry[] | LateEntries;
  /** What was written under a key that was taken already: a problem, kept so that its secrets can be masked. */
  readonly repeated: readonly MapEntry[];
  /** How many nodes it holds, itself included, shared ones counted each time. */
  readonly size: number;

  constructor(entries: readonly MapEntry[] | LateEntries, repeated: readonly MapEntry[], at: Place, size: number) {
    super(at);
    this.#entries = entries;
    this.repeated = repeated;
    this.size = size;
  }

  /** No key twice. */
  get entries(): readonly MapEntry[] {
    return this.#entries instanceof LateEntries ? this.#entries.get() : this.#entries;
  }

  get kind(): 'map' {
    return 'map';
  }

  /** Other entries in its place. */
  with(entries: readonly MapEntry[], repeated: readonly MapEntry[] = this.repeated): MapNode {
    return new MapNode(entries, repeated, this.at, this.size);
  }
}

export class MapEntry extends Part {
  readonly key: string;
  readonly value: Node;

  constructor(key: string, value: Node, keyAt: Place) {
    super(keyAt);
    this.key = key;
    this.value = value;
  }

  get keyAt(): Place {
    return new Place(this.source, this.start, this.end);
  }

  /** Another key, or another value, in its place. */
  with({ key = this.key, value = this.value }: { readonly key?: string; readonly value?: Node }): MapEntry {
    return new MapEntry(key, value, this.keyAt);
  }
}

/** What a scalar is in YAML 1.2's core schema (yaml.org/spec/1.2.2, section 10.3.2). */
export type ScalarType = 'null' | 'boolean' | 'number' | 'string';

/** The type that editors and other YAML readers see. */
export function scalarType(node: ScalarNode): ScalarType {
  if (!node.plain) return 'string';
  if (/^(?:~|null|Null|NULL)?$/.test(node.text)) return 'null';
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(node.text)) return 'boolean';
  if (/^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(node.text)) {
    return 'number';
  }
  return 'string';
}

/** Whether a value is there but says nothing: `key:`, `key: null`, `key: ~`. */
export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && scalarType(node) === 'null';
}

/** The value of a key; undefined where it is absent or null. */
export function valueOf(map: MapNode, key: string): Node | undefined {
  const value = map.entries.find((entry) => entry.key === key)?.value;
  return value === undefined || isNull(value) ? undefined : value;
}
