import type { Secret } from '../base/secret.ts';
import type { Column } from '../model/column.ts';
import type { Option, Options, OptionValue } from '../model/option.ts';
import { sameMeaning } from '../model/option-meaning.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import type { OptionChange } from '../model/change.ts';

/** Gives the value behind a reference; the diff compares in memory and keeps nothing. */
export type Reveal = (reference: SecretReference) => Secret;

/** What it takes to compare option values. */
export interface Comparison {
  readonly reveal: Reveal;
  /** The wrapper that will read them; undefined where nothing is known of it. */
  readonly wrapper: string | undefined;
}

/** What it takes to compare tables. */
export interface TableComparison extends Comparison {
  /** `server_version_num` of the local server: what it can alter in place. */
  readonly versionNum: number;
  /** Filled on the way: desired columns, each with the actual one that was last found to be as it wants. */
  readonly asWanted: Map<Column, Column>;
}

/** What turns the actual options into the desired ones, by name. */
export function diffOptions(desired: Options, actual: Options, comparison: Comparison): readonly OptionChange[] {
  // Both are in the order of their names: so it is for nearly every column of ten thousand tables.
  if (desired.length === actual.length && desired.every((option, index) => isAsWanted(option, actual[index], comparison))) return [];
  const wanted = new Map(desired.map((option) => [option.name, option]));
  const present = new Map(actual.map((option) => [option.name, option]));
  const drops = actual.filter(({ name }) => !wanted.has(name)).map(({ name }): OptionChange => ({ verb: 'drop', name }));
  const rest = desired.flatMap((option) => writeOption(option, present.get(option.name)?.value, comparison));
  return [...rest, ...drops];
}

function isAsWanted(option: Option, actual: Option | undefined, comparison: Comparison): boolean {
  return option.name === actual?.name && sameValue(option, actual.value, comparison);
}

function writeOption(option: Option, before: OptionValue | undefined, comparison: Comparison): readonly OptionChange[] {
  if (before === undefined) return [{ verb: 'add', option }];
  return sameValue(option, before, comparison) ? [] : [{ verb: 'set', option, before }];
}

function sameValue({ name, value }: Option, actual: OptionValue, { reveal, wrapper }: Comparison): boolean {
  return sameMeaning(wrapper ?? '', name, textOf(value, reveal), textOf(actual, reveal));
}

function textOf(value: OptionValue, reveal: Reveal): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'reference':
      return reveal(value.reference).reveal();
    case 'secret':
      return value.secret.reveal();
  }
}
