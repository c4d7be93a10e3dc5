import type { SourceSpan, TextRange } from '../../base/source.ts';

/**
 * The spec as a tree of our own: aliases and merge keys resolved, every scalar the text that was written,
 * every key a text. Nodes behind aliases are shared, so it is a graph without cycles.
 */
export type Node = ScalarNode | ListNode | MapNode;

interface NodeBase {
  /** Where the value stands; an empty value stands where its key does. */
  readonly at: SourceSpan;
  /** Its extent in the source. */
  readonly range: TextRange;
  /** How many nodes it holds, itself included, shared ones counted each time. */
  readonly size: number;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly text: string;
  /** Written without quotes and not as a block, so that `null`, `true` and numbers mean what they look like. */
  readonly plain: boolean;
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** No key twice. */
  readonly entries: readonly MapEntry[];
  /** What was written under a key that was taken already: a problem, kept so that its secrets can be masked. */
  readonly repeated: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyAt: SourceSpan;
  readonly value: Node;
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
