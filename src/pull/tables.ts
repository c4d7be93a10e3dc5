import { Pair, Scalar, type YAMLMap } from 'yaml';
import type { Column, ForeignTable } from '../model/objects.ts';
import { tablePrivileges } from '../model/privileges.ts';
import { facetPairs, grantPair } from './facets.ts';
import { blockMap, compactMap, optionPairs } from './options.ts';
import { collationName, dottedName, keyNode, textNode } from './texts.ts';
import type { Variables } from './variables.ts';

/** A foreign table, spelled out. */
export function tablePair(table: ForeignTable, role: string, variables: Variables): Pair {
  const named = [table.schema, table.name];
  const grants = tablePrivileges.flatMap((privilege) => (table.grants ?? []).filter((grant) => grant.privilege === privilege));
  return new Pair(
    keyNode(dottedName(table)),
    blockMap([
      new Pair(new Scalar('server'), textNode(table.server)),
      ...(table.options.length === 0 ? [] : [new Pair(new Scalar('options'), blockMap(optionPairs(table.options, { references: 'text', named }, variables)))]),
      ...facetPairs(table, role),
      ...(grants.length === 0 ? [] : [new Pair(new Scalar('grants'), blockMap(grants.map((grant) => grantPair(grant))))]),
      new Pair(new Scalar('columns'), blockMap(table.columns.map((column) => new Pair(keyNode(column.name), columnNode(column, named, variables))))),
    ]),
  );
}

/** `bigint not null` where that says it all. */
function columnNode(column: Column, named: readonly string[], variables: Variables): Scalar | YAMLMap {
  const { type, notNull, collation, options } = column;
  if (collation === undefined && column.default === undefined && options.length === 0) return textNode(notNull ? `${type} not null` : type);
  // The short key takes no empty text.
  const isShort = (option: (typeof options)[number]): boolean => option.name === 'column_name' && option.value.kind === 'text' && option.value.text !== '';
  const rest = options.filter((option) => !isShort(option));
  const place = { references: 'text', named: [...named, column.name] } as const;
  return compactMap([
    new Pair(new Scalar('type'), textNode(type)),
    ...optionPairs(options.filter(isShort), place, variables),
    ...(notNull ? [new Pair(new Scalar('not_null'), new Scalar(true))] : []),
    ...(collation === undefined ? [] : [new Pair(new Scalar('collation'), textNode(collationName(collation)))]),
    ...(column.default === undefined ? [] : [new Pair(new Scalar('default'), textNode(column.default))]),
    ...(rest.length === 0 ? [] : [new Pair(new Scalar('options'), compactMap(optionPairs(rest, place, variables)))]),
  ]);
}
