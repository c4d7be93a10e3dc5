import type { SourceFile, TextRange } from '../../base/source.ts';
import { Place } from '../positions.ts';
import type { Placed, SpecColumn, SpecColumnOverride } from '../types.ts';

/** What is said of a column beside its name and type. */
export type ColumnSettings = Omit<SpecColumnOverride, 'name' | 'type'>;

/** All that is said of a column, wherever it stands; without a place for what is not. */
export type ColumnWords = { readonly name: string; readonly type: string } & Pick<SpecColumn, 'notNull' | 'options'> & Partial<SaidSeldom>;

type SaidSeldom = Omit<SpecColumn, 'name' | 'type' | 'notNull' | 'options'>;

/** Whether nothing is said beside the options and NOT NULL. */
export function isBare({ renamedFrom, collation, default: fallback, generated, identity, statistics, nDistinct, nDistinctInherited, storage, comment }: ColumnSettings): boolean {
  return [renamedFrom, collation, fallback, generated, identity, statistics, nDistinct, nDistinctInherited, storage, comment].every((part) => part === undefined);
}

/**
 * A column as it is written. A spec of ten thousand tables has hundreds of thousands of them, of which many say the same: so
 * what is said is apart, to be there once, and of places there are the offsets.
 */
export class WrittenColumn implements SpecColumn {
  readonly #words: ColumnWords;
  readonly #source: SourceFile;
  readonly #start: number;
  readonly #end: number;
  readonly #typeStart: number;
  readonly #typeEnd: number;

  /** @param at where its name and its type stand */
  constructor(words: ColumnWords, source: SourceFile, name: TextRange, type: TextRange) {
    this.#words = words;
    this.#source = source;
    this.#start = name.start;
    this.#end = name.end;
    this.#typeStart = type.start;
    this.#typeEnd = type.end;
  }

  get name(): Placed<string> {
    return { value: this.#words.name, at: new Place(this.#source, this.#start, this.#end) };
  }

  get type(): Placed<string> {
    return { value: this.#words.type, at: new Place(this.#source, this.#typeStart, this.#typeEnd) };
  }

  get renamedFrom(): SpecColumn['renamedFrom'] {
    return this.#words.renamedFrom;
  }

  get notNull(): SpecColumn['notNull'] {
    return this.#words.notNull;
  }

  get collation(): SpecColumn['collation'] {
    return this.#words.collation;
  }

  get default(): SpecColumn['default'] {
    return this.#words.default;
  }

  get generated(): SpecColumn['generated'] {
    return this.#words.generated;
  }

  get identity(): SpecColumn['identity'] {
    return this.#words.identity;
  }

  get options(): SpecColumn['options'] {
    return this.#words.options;
  }

  get statistics(): SpecColumn['statistics'] {
    return this.#words.statistics;
  }

  get nDistinct(): SpecColumn['nDistinct'] {
    return this.#words.nDistinct;
  }

  get nDistinctInherited(): SpecColumn['nDistinctInherited'] {
    return this.#words.nDistinctInherited;
  }

  get storage(): SpecColumn['storage'] {
    return this.#words.storage;
  }

  get comment(): SpecColumn['comment'] {
    return this.#words.comment;
  }

  /** It is data, like all of a spec. */
  toJSON(): object {
    return { ...this.#words, name: this.name, type: this.type };
  }
}
