import type { SourceFile } from '../../base/source.ts';
import type { Place } from '../positions.ts';
import { decodeEntries, type Encoded, NodeEncoder } from './node-codec.ts';
import { LateEntries, type MapEntry, MapNode, type Node } from './node.ts';

/** Of smaller values, bytes would take as much. */
const smallest = 8;
/** The parts of larger ones are packed. */
const largest = 10_000;

/**
 * Keeps maps as bytes until somebody asks for their entries: as nodes, ten thousand tables of twenty columns take a hundred
 * megabytes, as bytes a tenth. Whoever goes through a spec looks at one table after the other, so of all that is packed only
 * what was asked for last is there as nodes too.
 */
export class Packer {
  readonly #encoder: NodeEncoder;
  readonly #last: Last = { asked: undefined, entries: [] };

  constructor(source: SourceFile) {
    this.#encoder = new NodeEncoder(source);
  }

  /** The same value, packed where that is worth it. Parts that it shares with others become its own. */
  pack(value: Node): Node {
    if (value.kind !== 'map' || value.size < smallest || value.size > largest || value.repeated.length > 0) return value;
    return new MapNode(new PackedEntries(value.at, this.#encoder.encode(value), this.#last), value.repeated, value.at, value.size);
  }
}

/** What was asked for last. */
interface Last {
  asked: PackedEntries | undefined;
  entries: readonly MapEntry[];
}

class PackedEntries extends LateEntries {
  readonly #at: Place;
  readonly #encoded: Encoded;
  readonly #last: Last;

  constructor(at: Place, encoded: Encoded, last: Last) {
    super();
    this.#at = at;
    this.#encoded = encoded;
    this.#last = last;
  }

  override get(): readonly MapEntry[] {
    if (this.#last.asked !== this) {
      this.#last.entries = decodeEntries(this.#at, this.#encoded);
      this.#last.asked = this;
    }
    return this.#last.entries;
  }
}
