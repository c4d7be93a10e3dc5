import { Pair, Scalar, type YAMLMap } from 'yaml';
import type { Column, Generated } from '../model/column.ts';
import type { Options } from '../model/option.ts';
import { compactMap, flowMap, optionPairs } from './options.ts';
import { collationName, textNode } from './texts.ts';
import type { Variables } from './variables.ts';

/**
 * `bigint not null` where that says it all, else the long form without what is as it would be anyway.
 * @param named what the names of its secrets' variables start with
 */
export function columnNode(column: Column, named: readonly string[], variables: Variables): Scalar | YAMLMap {
  const { type, notNull, collation, options, generated, identity } = column;
  const settings = settingPairs(column);
  const short = [collation, column.default, generated, identity].every((part) => part === undefined) && options.length === 0 && settings.length === 0;
  if (short) return textNode(notNull ? `${type} not null` : type);
  const written = columnOptionPairs(options, [...named, column.name], variables);
  return compactMap([
    new Pair(new Scalar('type'), textNode(type)),
    ...written.short,
    // An identity column cannot be anything else.
    ...(notNull && identity === undefined ? [new Pair(new Scalar('not_null'), new Scalar(true))] : []),
    ...(collation === undefined ? [] : [new Pair(new Scalar('collation'), textNode(collationName(collation)))]),
    ...valuePairs(column),
    ...settings,
    ...written.rest,
  ]);
}

/** The options of a column: `column_name` by its own key, the others under `options`. */
export function columnOptionPairs(options: Options, named: readonly string[], variables: Variables): { readonly short: readonly Pair[]; readonly rest: readonly Pair[] } {
  // The short key takes no empty text.
  const isShort = ({ name, value }: Options[number]): boolean => name === 'column_name' && value.kind === 'text' && value.text !== '';
  const rest = options.filter((option) => !isShort(option));
  const place = { references: 'text', named } as const;
  return {
    short: optionPairs(options.filter(isShort), place, variables),
    rest: rest.length === 0 ? [] : [new Pair(new Scalar('options'), compactMap(optionPairs(rest, place, variables)))],
  };
}

/** Where its values come from when nothing is given. */
export function valuePairs({ default: fallback, generated, identity }: Column): readonly Pair[] {
  return [
    ...(fallback === undefined ? [] : [new Pair(new Scalar('default'), textNode(fallback))]),
    ...(generated === undefined ? [] : [new Pair(new Scalar('generated'), generatedNode(generated))]),
    ...(identity === undefined ? [] : [new Pair(new Scalar('identity'), new Scalar(identity))]),
  ];
}

function generatedNode({ expression, kind }: Generated): Scalar | YAMLMap {
  return kind === 'stored' ? textNode(expression) : flowMap([new Pair(new Scalar(kind), textNode(expression))]);
}

/** What a spec need not manage: written where it is not as a plain column has it. */
export function settingPairs({ statistics = -1, nDistinct = 0, nDistinctInherited = 0, storage, comment = '' }: Column): readonly Pair[] {
  const numbers = [
    ['statistics', statistics, -1],
    ['n_distinct', nDistinct, 0],
    ['n_distinct_inherited', nDistinctInherited, 0],
  ] as const;
  return [
    ...numbers.flatMap(([key, value, plain]) => (value === plain ? [] : [new Pair(new Scalar(key), new Scalar(value))])),
    ...(storage === undefined || storage.isDefault ? [] : [new Pair(new Scalar('storage'), new Scalar(storage.mode))]),
    ...(comment === '' ? [] : [new Pair(new Scalar('comment'), textNode(comment))]),
  ];
}
