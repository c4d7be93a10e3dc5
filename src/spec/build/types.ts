import type { QualifiedName } from '../../model/name.ts';
import type { DomainCheck } from '../../model/user-types.ts';
import { splitName } from '../qualified-name.ts';
import type { Placed, SpecAttribute, SpecType, SpecTypeDefinition } from '../types.ts';
import { anyOf, shown } from '../words.ts';
import { isNull, type MapEntry, type MapNode, type Node, valueOf } from '../yaml/node.ts';
import { collationName } from './columns.ts';
import { checkName, readBoolean, readText, type BuildContext } from './context.ts';
import { buildFacets, buildGrant } from './facets.ts';
import { qualifiedName } from './table-names.ts';

/** The types that the spec defines. */
export function buildTypes(node: Node | undefined, context: BuildContext): readonly SpecType[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const name = typeName(entry, context);
    const value = entry.value.kind === 'map' ? entry.value : undefined;
    const facets = buildFacets(value, buildGrant('USAGE', value && valueOf(value, 'usage'), context), context);
    const definition = name && definitionOf(entry, value, name.value, context);
    return name === undefined || definition === undefined ? [] : [{ name, definition, ...facets }];
  });
}

/** The name of a type, where it is one. */
export function typeName(entry: Pick<MapEntry, 'key' | 'keyAt'>, context: BuildContext): Placed<QualifiedName> | undefined {
  return qualifiedName(entry, 'type', context);
}

const kinds = ['enum', 'domain', 'composite', 'range'] as const;

function definitionOf({ key, keyAt }: MapEntry, node: MapNode | undefined, { schema }: QualifiedName, context: BuildContext): SpecTypeDefinition | undefined {
  const given = kinds.flatMap((kind) => {
    const value = node && valueOf(node, kind);
    return value === undefined || isNull(value) ? [] : [{ kind, value }];
  });
  const [only, another] = given;
  if (only === undefined || another !== undefined) {
    context.problems.add(keyAt, `the type ${shown(key)} must have exactly one of ${anyOf(kinds)}`, 'for example `enum: [new, paid]`');
    return undefined;
  }
  switch (only.kind) {
    case 'enum':
      return { kind: 'enum', labels: labelsOf(only.value, context) };
    case 'domain':
      return domainOf(only.value, context);
    case 'composite':
      return { kind: 'composite', attributes: attributesOf(only.value, context) };
    case 'range':
      return rangeOf(only.value, schema, context);
  }
}

/** A label has at most 63 bytes (postgresql.org/docs/18/datatype-enum.html), and no two are alike. */
function labelsOf(node: Node, context: BuildContext): readonly string[] {
  const labels = new Set<string>();
  for (const item of node.kind === 'list' ? node.items : []) {
    const label = readText(item, context);
    if (label === undefined) continue;
    const bytes = Buffer.byteLength(label.value, 'utf8');
    if (bytes > 63) context.problems.add(label.at, `the label has ${bytes} bytes; PostgreSQL allows 63`);
    else if (labels.has(label.value)) context.problems.add(label.at, `the label ${shown(label.value)} is listed twice`);
    labels.add(label.value);
  }
  return [...labels];
}

function domainOf(node: Node, context: BuildContext): SpecTypeDefinition | undefined {
  const map = node.kind === 'map' ? node : undefined;
  const part = (key: string): Node | undefined => map && valueOf(map, key);
  const base = readText(map === undefined ? node : part('type'), context);
  const checks = part('checks');
  return base && {
    kind: 'domain',
    base,
    collation: collationName(readText(part('collation'), context), context),
    notNull: readBoolean(part('not_null')) ?? false,
    default: readText(part('default'), context)?.value,
    checks: checks?.kind === 'map' ? checks.entries.flatMap((entry) => domainCheck(entry, context)) : undefined,
  };
}

function domainCheck({ key, keyAt, value }: MapEntry, context: BuildContext): readonly DomainCheck[] {
  const expression = readText(value, context);
  return expression === undefined || !checkName(key, keyAt, 'the name of a check', context) ? [] : [{ name: key, expression: expression.value }];
}

function attributesOf(node: Node, context: BuildContext): readonly SpecAttribute[] {
  if (node.kind !== 'map') return [];
  return node.entries.flatMap(({ key, keyAt, value }) => {
    const map = value.kind === 'map' ? value : undefined;
    const type = readText(map === undefined ? value : valueOf(map, 'type'), context);
    const collation = collationName(readText(map && valueOf(map, 'collation'), context), context);
    return type === undefined || !checkName(key, keyAt, 'the name of an attribute', context) ? [] : [{ name: key, type, collation }];
  });
}

function rangeOf(node: Node, schema: string, context: BuildContext): SpecTypeDefinition | undefined {
  const map = node.kind === 'map' ? node : undefined;
  const part = (key: string): Placed<string> | undefined => readText(map && valueOf(map, key), context);
  const subtype = readText(map === undefined ? node : valueOf(map, 'subtype'), context);
  return subtype && {
    kind: 'range',
    subtype,
    opclass: nameIn('pg_catalog', part('opclass'), 'an operator class', context),
    collation: collationName(part('collation'), context),
    subdiff: nameIn('pg_catalog', part('subdiff'), 'a function', context),
    multirange: nameIn(schema, part('multirange'), 'a type', context),
  };
}

/** `name`, in that schema, or `schema.name`. */
function nameIn(own: string, text: Placed<string> | undefined, what: string, context: BuildContext): QualifiedName | undefined {
  if (text === undefined) return undefined;
  const split = splitName(text.value);
  if (split.kind === 'problem') {
    context.problems.add(text.at, `this is not the name of ${what}: ${split.message}`, 'write schema.name, quoted as in SQL where a part contains a dot');
    return undefined;
  }
  const { schema = own, name } = split;
  return checkName(schema, text.at, 'the name of a schema', context) && checkName(name, text.at, `the name of ${what}`, context) ? { schema, name } : undefined;
}
