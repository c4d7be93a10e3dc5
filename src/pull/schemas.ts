import { Pair, Scalar, type YAMLMap } from 'yaml';
import type { Column } from '../model/column.ts';
import type { Grant } from '../model/facets.ts';
import { nameKey } from '../model/name.ts';
import type { ForeignTable, Schema } from '../model/objects.ts';
import type { Options } from '../model/option.ts';
import { tablePrivileges } from '../model/privileges.ts';
import { roleKey } from '../model/role.ts';
import { columnOptionPairs, settingPairs, valuePairs } from './columns.ts';
import { columnGrantPairs, facetPairs, grantPair, textList } from './facets.ts';
import { blockMap, compactMap, flowMap, optionPairs } from './options.ts';
import { ownChecks, parentPairs } from './parents.ts';
import { checkPair } from './tables.ts';
import { collationName, keyNode, textNode } from './texts.ts';
import type { PartitionFacts, RecognisedSchema } from './types.ts';
import type { Variables } from './variables.ts';

/** An imported schema, with what its tables have beyond what the remote says. */
export function schemaPair(recognised: RecognisedSchema, local: Schema, bounds: PartitionFacts['bounds'], role: string, variables: Variables): Pair {
  const { schema, server, remoteSchema, types, tables } = recognised;
  const select = commonSelect(tables.map(({ actual }) => actual));
  const overrides = tables.flatMap((table) => {
    const pairs = overridePairs(table, select, bounds, role, variables);
    return pairs.length === 0 ? [] : [new Pair(keyNode(table.actual.name), compactMap(pairs))];
  });
  return new Pair(
    keyNode(schema),
    blockMap([
      new Pair(new Scalar('server'), textNode(server)),
      new Pair(new Scalar('remote_schema'), textNode(remoteSchema)),
      new Pair(new Scalar('tables'), selectionNode(recognised)),
      ...importPairs(recognised),
      ...(types === 'create' ? [] : [new Pair(new Scalar('types'), new Scalar(types))]),
      ...ofSchemaItself(local, role),
      ...(select === undefined ? [] : [grantPair(select)]),
      ...(overrides.length === 0 ? [] : [new Pair(new Scalar('overrides'), blockMap(overrides))]),
    ]),
  );
}

/** A schema that nothing is imported into, where there is something to say of it. */
export function localSchemaPairs(local: Schema, role: string): readonly Pair[] {
  const pairs = local.name === 'public' ? [] : ofSchemaItself(local, role);
  return pairs.length === 0 ? [] : [new Pair(keyNode(local.name), blockMap(pairs))];
}

/** Of `public`, initdb and the major decide who owns it and what it is called. */
function ofSchemaItself(local: Schema, role: string): readonly Pair[] {
  const granted = (privilege: string): readonly Grant[] => (local.grants ?? []).filter((grant) => grant.privilege === privilege);
  const grants = [...granted('USAGE'), ...(local.name === 'public' ? [] : granted('CREATE'))];
  return [...(local.name === 'public' ? [] : facetPairs(local, role)), ...grants.map((grant) => grantPair(grant))];
}

function selectionNode({ selection }: RecognisedSchema): Scalar | YAMLMap | ReturnType<typeof textList> {
  if (selection.kind === 'all') return new Scalar('all');
  const names = textList(selection.names);
  return selection.kind === 'listed' ? names : flowMap([new Pair(new Scalar('except'), names)]);
}

function importPairs({ import: { collate, default: defaults, generated, notNull } }: RecognisedSchema): readonly Pair[] {
  const said = [['collate', collate, true], ['default', defaults, false], ['generated', generated, true], ['not_null', notNull, true]] as const;
  const pairs = said.flatMap(([key, value, own]) => (value === own ? [] : [new Pair(new Scalar(key), new Scalar(value))]));
  return pairs.length === 0 ? [] : [new Pair(new Scalar('import'), flowMap(pairs))];
}

/** SELECT, where every table has it for the same roles. */
function commonSelect(tables: readonly ForeignTable[]): Grant | undefined {
  const [first, ...others] = tables.map(({ grants }) => (grants ?? []).find(({ privilege }) => privilege === 'SELECT'));
  return first !== undefined && others.every((other) => rolesOf(other) === rolesOf(first)) ? first : undefined;
}

function rolesOf(grant: Grant | undefined): string {
  return [...new Set((grant?.roles ?? []).map(roleKey))].sort().join('\0');
}

function overridePairs({ actual, imported }: RecognisedSchema['tables'][number], select: Grant | undefined, bounds: PartitionFacts['bounds'], role: string, variables: Variables): readonly Pair[] {
  const named = [actual.schema, actual.name];
  const options = beyond(actual.options, imported.options);
  const grants = tablePrivileges.flatMap((privilege) => (actual.grants ?? []).filter((grant) => grant.privilege === privilege && (select === undefined || privilege !== 'SELECT')));
  const given = new Map(imported.columns.map((column) => [column.name, column]));
  const columns = actual.columns.flatMap((column) => {
    const pairs = columnPairs(column, given.get(column.name) ?? column, [...named, column.name], variables);
    return pairs.length === 0 ? [] : [new Pair(keyNode(column.name), compactMap(pairs))];
  });
  const checks = ownChecks(actual).map(checkPair);
  return [
    ...(options.length === 0 ? [] : [new Pair(new Scalar('options'), compactMap(optionPairs(options, { references: 'text', named }, variables)))]),
    ...facetPairs(actual, role),
    ...(grants.length === 0 ? [] : [new Pair(new Scalar('grants'), compactMap(grants.map((grant) => grantPair(grant))))]),
    ...columnGrantPairs(actual.columnGrants ?? []),
    ...(columns.length === 0 ? [] : [new Pair(new Scalar('columns'), compactMap(columns))]),
    ...parentPairs(actual, bounds),
    ...(checks.length === 0 ? [] : [new Pair(new Scalar('checks'), compactMap(checks))]),
  ];
}

function columnPairs(actual: Column, given: Column, named: readonly string[], variables: Variables): readonly Pair[] {
  const options = columnOptionPairs(beyond(actual.options, given.options), named, variables);
  const otherType = actual.type !== given.type;
  const sameCollation = (actual.collation && nameKey(actual.collation)) === (otherType ? undefined : given.collation && nameKey(given.collation));
  const sameValue = actual.default === given.default && actual.generated?.expression === given.generated?.expression && actual.generated?.kind === given.generated?.kind && actual.identity === given.identity;
  return [
    ...(otherType ? [new Pair(new Scalar('type'), textNode(actual.type))] : []),
    ...options.short,
    ...(actual.notNull === given.notNull || actual.identity !== undefined ? [] : [new Pair(new Scalar('not_null'), new Scalar(actual.notNull))]),
    ...(sameCollation || actual.collation === undefined ? [] : [new Pair(new Scalar('collation'), textNode(collationName(actual.collation)))]),
    ...(sameValue ? [] : valuePairs(actual)),
    ...settingPairs(actual),
    ...options.rest,
  ];
}

/** The options that are not as the import gives them. */
function beyond(options: Options, given: Options): Options {
  const texts = new Map(given.map(({ name, value }) => [name, value.kind === 'text' ? value.text : undefined]));
  return options.filter(({ name, value }) => value.kind !== 'text' || value.text !== texts.get(name));
}
