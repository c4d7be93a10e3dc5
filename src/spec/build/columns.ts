import { identities, storageModes, type Generated, type Identity } from '../../model/column.ts';
import type { QualifiedName } from '../../model/name.ts';
import { compareNames, type Option, type Options, optionsKey } from '../../model/option.ts';
import { parseColumnText } from '../column-text.ts';
import { splitName } from '../qualified-name.ts';
import type { Placed, SpecColumn, SpecColumnOverride } from '../types.ts';
import { shown } from '../words.ts';
import { valueOf, type MapEntry, type Node } from '../yaml/node.ts';
import { checkName, readBoolean, readName, readNumber, readText, readWord, type BuildContext } from './context.ts';
import { buildOptions } from './options.ts';
import { type ColumnSettings, type ColumnWords, isBare, WrittenColumn } from './written-column.ts';

/** The columns of a table, in their order. */
export function buildColumns(node: Node | undefined, wrapper: string, context: BuildContext): readonly SpecColumn[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const column = entry.value.kind === 'map' ? longColumn(entry, wrapper, context) : shortColumn(entry, context);
    return column === undefined || !checkName(entry.key, entry.keyAt, 'the name of a column', context) ? [] : [column];
  });
}

/** `id: bigint not null default 0` */
function shortColumn({ key, start, end, value }: MapEntry, context: BuildContext): SpecColumn | undefined {
  const text = readText(value, context);
  if (text === undefined) return undefined;
  const { problem, type, notNull, ...said } = parseColumnText(text.value);
  if (problem !== undefined) {
    context.problems.add(text.at, problem.message, problem.hint);
    return undefined;
  }
  const placed = <T>(part: T | undefined): Placed<T> | undefined => (part === undefined ? undefined : { value: part, at: text.at });
  const settings = {
    renamedFrom: undefined,
    notNull,
    collation: collationName(placed(said.collation), context),
    default: placed(said.default),
    generated: placed(said.generated),
    identity: placed(said.identity),
    options: none,
    statistics: undefined,
    nDistinct: undefined,
    nDistinctInherited: undefined,
    storage: undefined,
    comment: undefined,
  };
  return new WrittenColumn(wordsOf(key, type, settings, context), value.source, { start, end }, value);
}

/** `amount: {type: "numeric(12,2)", column_name: total}` */
function longColumn({ key, start, end, value }: MapEntry, wrapper: string, context: BuildContext): SpecColumn | undefined {
  if (value.kind !== 'map') return undefined;
  const settings = columnSettings(key, value, wrapper, context);
  const node = valueOf(value, 'type');
  const type = bareType(node, context);
  if (node === undefined || type === undefined) return undefined;
  return new WrittenColumn(wordsOf(key, type.value, settings, context), value.source, { start, end }, node);
}

/** Columns of which nothing is said but their names, types and options are the same ones in many tables. */
function wordsOf(name: string, written: string, settings: ColumnSettings, { columns, texts }: BuildContext): ColumnWords {
  const notNull = settings.notNull === true || settings.identity !== undefined;
  const type = texts.get(written, () => written);
  const { options } = settings;
  const key = isBare(settings) ? optionsKey(options) : undefined;
  // What is spread comes after the first keys: objects that get keys after a spread have no shape in common in V8, and each takes three times the memory.
  if (key === undefined) return { name, type, ...settings, notNull };
  return columns.get(`${name}\0${type}\0${notNull ? '!' : ''}\0${key}`, () => ({ name, type, notNull, options }));
}

/** A type without anything behind it. */
function bareType(node: Node | undefined, context: BuildContext): Placed<string> | undefined {
  const text = readText(node, context);
  if (text === undefined) return undefined;
  const { type, notNull, problem, ...said } = parseColumnText(text.value);
  if (problem !== undefined) context.problems.add(text.at, problem.message, problem.hint);
  else if (Object.keys(said).length > 0) context.problems.add(text.at, 'only a type belongs here', 'the long form has keys of their own for the rest: `default`, `collation`, `generated`, `identity`');
  else if (type !== text.value.trim()) context.problems.add(text.at, '`not null` is not part of a type', `write \`type: ${type}\` and \`not_null: ${notNull}\``);
  return { value: type, at: text.at };
}

/** What columns of an imported table shall have beyond what the remote says. */
export function buildColumnOverrides(node: Node | undefined, wrapper: string, context: BuildContext): readonly SpecColumnOverride[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key, keyAt, value }) => {
    if (value.kind !== 'map' || !checkName(key, keyAt, 'the name of a column', context)) return [];
    return [{ name: { value: key, at: keyAt }, type: bareType(valueOf(value, 'type'), context), ...columnSettings(key, value, wrapper, context) }];
  });
}

/** The keys of the long form, but for `type`. */
function columnSettings(name: string, value: MapEntry['value'] & { readonly kind: 'map' }, wrapper: string, context: BuildContext): ColumnSettings {
  const storage = valueOf(value, 'storage');
  const mode = readWord(storage, ['default', ...storageModes]);
  return {
    renamedFrom: readName(valueOf(value, 'renamed_from'), 'the name of a column', context)?.value,
    notNull: readBoolean(valueOf(value, 'not_null')),
    collation: collationName(readText(valueOf(value, 'collation'), context), context),
    default: readText(valueOf(value, 'default'), context),
    generated: generatedAs(valueOf(value, 'generated'), context),
    identity: identityOf(valueOf(value, 'identity')),
    options: columnOptions(name, value, wrapper, context),
    statistics: readNumber(valueOf(value, 'statistics')),
    nDistinct: readNumber(valueOf(value, 'n_distinct')),
    nDistinctInherited: readNumber(valueOf(value, 'n_distinct_inherited')),
    storage: storage === undefined || mode === undefined ? undefined : { value: mode, at: storage.at },
    comment: readText(valueOf(value, 'comment'), context)?.value,
  };
}

function identityOf(node: Node | undefined): Placed<Identity> | undefined {
  const word = readWord(node, identities);
  return node === undefined || word === undefined ? undefined : { value: word, at: node.at };
}

/** `generated: a + 1`, which is stored, or `{stored: a + 1}` and `{virtual: a + 1}`. */
function generatedAs(node: Node | undefined, context: BuildContext): Placed<Generated> | undefined {
  if (node === undefined) return undefined;
  const [kind, value] = node.kind === 'map' && valueOf(node, 'virtual') !== undefined ? (['virtual', valueOf(node, 'virtual')] as const) : (['stored', node.kind === 'map' ? valueOf(node, 'stored') : node] as const);
  const expression = readText(value, context);
  return expression === undefined ? undefined : { value: { expression: expression.value, kind }, at: expression.at };
}

/** The options of a column; `column_name` is one, with a key of its own. */
function columnOptions(name: string, value: Node, wrapper: string, context: BuildContext): Options {
  if (value.kind !== 'map') return none;
  const options = buildOptions(valueOf(value, 'options'), { wrapper, kind: 'column' }, context);
  const columnName = readText(valueOf(value, 'column_name'), context);
  if (columnName === undefined) return options;
  if (options.some((option) => option.name === 'column_name')) {
    context.problems.add(columnName.at, '`column_name` is given twice', 'leave it out of `options`');
    return options;
  }
  // Most are called alike on both sides: one text then. And spread into an array literal, one option would take the room of seventeen.
  const option: Option = { name: 'column_name', value: { kind: 'text', text: columnName.value === name ? name : columnName.value } };
  return options.concat(option).sort((a, b) => compareNames(a.name, b.name));
}

const none: Options = [];

/** `C`, which is one of PostgreSQL's own, or `schema.name`. */
export function collationName(text: Placed<string> | undefined, context: BuildContext): Placed<QualifiedName | string> | undefined {
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
