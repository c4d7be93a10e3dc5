import type { QualifiedName } from '../../model/name.ts';
import { compareNames, type Option } from '../../model/option.ts';
import { parseColumnType } from '../column-type.ts';
import { splitName } from '../qualified-name.ts';
import type { Placed, SpecColumn, SpecTable } from '../types.ts';
import { shown } from '../words.ts';
import { valueOf, type MapEntry, type Node } from '../yaml/node.ts';
import { checkName, readBoolean, readName, readText, type BuildContext } from './context.ts';
import { buildFacets, buildTableGrants } from './facets.ts';
import { buildOptions } from './options.ts';

/** The foreign tables that are spelled out. `wrappers` holds the wrapper of each server by its name. */
export function buildTables(node: Node | undefined, wrappers: ReadonlyMap<string, string>, context: BuildContext): readonly SpecTable[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const name = tableName(entry, context);
    if (entry.value.kind !== 'map') return [];
    const server = readName(valueOf(entry.value, 'server'), 'the name of a server', context);
    const wrapper = wrappers.get(server?.value ?? '') ?? 'postgres_fdw';
    const options = buildOptions(valueOf(entry.value, 'options'), { wrapper, kind: 'foreign-table' }, context);
    const columns = buildColumns(valueOf(entry.value, 'columns'), wrapper, context);
    const facets = buildFacets(entry.value, buildTableGrants(valueOf(entry.value, 'grants'), context), context);
    return name === undefined || server === undefined ? [] : [{ name, server, options, columns, ...facets }];
  });
}

/** The name of a table, where it is one. */
export function tableName({ key, keyAt }: MapEntry, context: BuildContext): Placed<QualifiedName> | undefined {
  const split = splitName(key);
  if (split.kind === 'problem') {
    context.problems.add(keyAt, `${shown(key)} is not a table's name: ${split.message}`, 'quote a name as in SQL: \'"a.b".c\'');
    return undefined;
  }
  const { schema, name } = split;
  if (schema === undefined) {
    context.problems.add(keyAt, `${shown(key)} names no schema`, `write schema.table, for example \`public.${key}\``);
    return undefined;
  }
  if (schema === '' || name === '') {
    context.problems.add(keyAt, `${shown(key)} names no ${schema === '' ? 'schema' : 'table'}`, 'write schema.table');
    return undefined;
  }
  const schemaFits = checkName(schema, keyAt, 'the name of a schema', context);
  if (!checkName(name, keyAt, 'the name of a table', context) || !schemaFits) return undefined;
  if (split.dotsInName) {
    context.warnings.add(keyAt, `${shown(key)} is read as the table ${shown(name)} in the schema ${shown(schema)}`, `quote a name that contains a dot: '${schema}."${name}"'`);
  }
  return { value: { schema, name }, at: keyAt };
}

function buildColumns(node: Node | undefined, wrapper: string, context: BuildContext): readonly SpecColumn[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const column = entry.value.kind === 'map' ? longColumn(entry, wrapper, context) : shortColumn(entry, context);
    return column === undefined || !checkName(entry.key, entry.keyAt, 'the name of a column', context) ? [] : [column];
  });
}

/** `id: bigint not null` */
function shortColumn({ key, keyAt, value }: MapEntry, context: BuildContext): SpecColumn | undefined {
  const text = readText(value, context);
  if (text === undefined) return undefined;
  const { type, notNull, problem } = parseColumnType(text.value);
  if (problem !== undefined) {
    context.problems.add(text.at, problem.message, problem.hint);
    return undefined;
  }
  return { name: { value: key, at: keyAt }, type: { value: type, at: text.at }, notNull, collation: undefined, default: undefined, options: [] };
}

/** `amount: {type: "numeric(12,2)", column_name: total}` */
function longColumn({ key, keyAt, value }: MapEntry, wrapper: string, context: BuildContext): SpecColumn | undefined {
  if (value.kind !== 'map') return undefined;
  const collation = collationName(readText(valueOf(value, 'collation'), context), context);
  const options = columnOptions(value, wrapper, context);
  const defaultText = readText(valueOf(value, 'default'), context);
  const text = readText(valueOf(value, 'type'), context);
  if (text === undefined) return undefined;
  const { type, notNull, problem } = parseColumnType(text.value);
  if (problem !== undefined) context.problems.add(text.at, problem.message, problem.hint);
  else if (type !== text.value.trim()) context.problems.add(text.at, '`not null` is not part of a type', `write \`type: ${type}\` and \`not_null: ${notNull}\``);
  return {
    name: { value: key, at: keyAt },
    type: { value: type, at: text.at },
    notNull: readBoolean(valueOf(value, 'not_null')) ?? false,
    collation,
    default: defaultText,
    options,
  };
}

/** The options of a column; `column_name` is one, with a key of its own. */
function columnOptions(value: Node, wrapper: string, context: BuildContext): readonly Option[] {
  if (value.kind !== 'map') return [];
  const options = buildOptions(valueOf(value, 'options'), { wrapper, kind: 'column' }, context);
  const columnName = readText(valueOf(value, 'column_name'), context);
  if (columnName === undefined) return options;
  if (options.some((option) => option.name === 'column_name')) {
    context.problems.add(columnName.at, '`column_name` is given twice', 'leave it out of `options`');
    return options;
  }
  const option: Option = { name: 'column_name', value: { kind: 'text', text: columnName.value } };
  return [...options, option].sort((a, b) => compareNames(a.name, b.name));
}

function collationName(text: Placed<string> | undefined, context: BuildContext): Placed<QualifiedName | string> | undefined {
  if (text === undefined) return undefined;
  const split = splitName(text.value);
  if (split.kind === 'problem') {
    context.problems.add(text.at, `this is not a collation's name: ${split.message}`, 'quote a name as in SQL: \'"en_US.utf8"\'');
    return undefined;
  }
  const { schema, name } = split;
  if (schema === '' || name === '') {
    context.problems.add(text.at, 'a part of the collation\'s name is empty', 'write `C` or `schema.name`');
    return undefined;
  }
  if (schema !== undefined && !checkName(schema, text.at, 'the name of a schema', context)) return undefined;
  if (!checkName(name, text.at, 'the name of a collation', context)) return undefined;
  if (schema !== undefined && /^[a-z]{2,3}_[A-Z]{2}$/.test(schema)) {
    context.warnings.add(text.at, `${shown(text.value)} is read as the collation ${shown(name)} in the schema ${shown(schema)}`, `quote a name that contains a dot: '"${text.value}"'`);
  }
  return { value: schema === undefined ? name : { schema, name }, at: text.at };
}
