import { Pair, Scalar, type YAMLMap } from 'yaml';
import type { Attribute, DomainType, RangeType, UserType } from '../model/user-types.ts';
import { facetPairs, grantPair, textList } from './facets.ts';
import { blockMap, compactMap } from './options.ts';
import { collationName, dottedName, keyNode, namePart, textNode } from './texts.ts';

/** Whether a spec can make a type. A canonical function takes the range type, so that it must be there before the type is. */
export function isSayable(type: UserType): boolean {
  return type.kind !== 'range' || type.canonical === undefined;
}

/** A type as a spec makes it. */
export function typePair(type: UserType, role: string): Pair {
  return new Pair(keyNode(dottedName(type)), blockMap([new Pair(new Scalar(type.kind), definitionNode(type)), ...typeFacets(type, role)]));
}

/** What a type has beyond what a plain CREATE by this role gives: everybody may use that. */
export function typeFacets(type: UserType, role: string): readonly Pair[] {
  const usage = (type.grants ?? []).find(({ privilege }) => privilege === 'USAGE') ?? { privilege: 'USAGE', roles: [] };
  const [only, another] = usage.roles;
  const plain = only?.kind === 'public' && another === undefined;
  return [...facetPairs(type, role), ...(plain ? [] : [grantPair(usage)])];
}

function definitionNode(type: UserType): Scalar | YAMLMap | ReturnType<typeof textList> {
  switch (type.kind) {
    case 'enum':
      return textList(type.labels);
    case 'domain':
      return domainNode(type);
    case 'composite':
      return blockMap(type.attributes.map((attribute) => new Pair(keyNode(attribute.name), attributeNode(attribute))));
    case 'range':
      return rangeNode(type);
  }
}

function domainNode({ base, collation, notNull, default: fallback, checks = [] }: DomainType): Scalar | YAMLMap {
  const more = [
    ...collationPair(collation),
    ...(notNull ? [new Pair(new Scalar('not_null'), new Scalar(true))] : []),
    ...(fallback === undefined ? [] : [new Pair(new Scalar('default'), textNode(fallback))]),
    ...(checks.length === 0 ? [] : [new Pair(new Scalar('checks'), blockMap(checks.map(({ name, expression }) => new Pair(keyNode(name), textNode(expression)))))]),
  ];
  return more.length === 0 ? textNode(base) : blockMap([new Pair(new Scalar('type'), textNode(base)), ...more]);
}

function attributeNode({ type, collation }: Attribute): Scalar | YAMLMap {
  return collation === undefined ? textNode(type) : compactMap([new Pair(new Scalar('type'), textNode(type)), ...collationPair(collation)]);
}

function rangeNode({ schema, subtype, opclass, collation, subdiff, multirange }: RangeType): YAMLMap {
  return compactMap([
    new Pair(new Scalar('subtype'), textNode(subtype)),
    ...(opclass === undefined ? [] : [new Pair(new Scalar('opclass'), textNode(dottedName(opclass)))]),
    ...collationPair(collation),
    ...(subdiff === undefined ? [] : [new Pair(new Scalar('subdiff'), textNode(dottedName(subdiff)))]),
    ...(multirange === undefined ? [] : [new Pair(new Scalar('multirange'), textNode(multirange.schema === schema ? namePart(multirange.name) : dottedName(multirange)))]),
  ]);
}

function collationPair(collation: Attribute['collation']): readonly Pair[] {
  return collation === undefined ? [] : [new Pair(new Scalar('collation'), textNode(collationName(collation)))];
}
