import { isMap, isScalar, Pair, Scalar, YAMLMap } from 'yaml';
import type { Options } from '../model/option.ts';
import { sensitiveInConnections } from '../spec/sensitive.ts';
import { keyNode, optionNode, textNode } from './texts.ts';
import type { Variables } from './variables.ts';

/** Where options stand: only servers and user mappings take `{env: …}`, everything takes `${env:…}`. */
export interface OptionPlace {
  readonly references: 'map' | 'text';
  /** What the name of a secret's variable is made of, before the option's own name. */
  readonly named: readonly string[];
}

/** Options as pairs of a map. Of a secret only a reference is written. */
export function optionPairs(options: Options, place: OptionPlace, variables: Variables): readonly Pair<Scalar, Scalar | YAMLMap>[] {
  return options.map(({ name, value }) => {
    const key = keyNode(name);
    if (value.kind === 'text' && sensitiveInConnections(value.text).length === 0) return new Pair(key, optionNode(value.text));
    // An empty secret hides nothing, and an empty variable would be an error.
    if (value.kind === 'secret' && value.secret.reveal() === '') return new Pair(key, textNode(''));
    const variable = variables.nameFor(...place.named, name);
    const inMap = value.kind !== 'text' && place.references === 'map';
    const reference = inMap ? flowMap([new Pair(new Scalar('env'), new Scalar(variable))]) : new Scalar(`\${env:${variable}}`);
    reference.comment = ' a secret: set this variable to its value';
    return new Pair(key, reference);
  });
}

/** `{a: 1, b: 2}` on one line. */
export function flowMap(pairs: readonly Pair[]): YAMLMap {
  const map = blockMap(pairs);
  map.flow = true;
  return map;
}

/** A map of a line each. */
export function blockMap(pairs: readonly Pair[]): YAMLMap {
  const map = new YAMLMap();
  map.items.push(...pairs);
  return map;
}

/** On one line where that is short and holds no comment. */
export function compactMap(pairs: readonly Pair[]): YAMLMap {
  return lengthOf(pairs) <= longestLine && !pairs.some(({ value }) => hasComment(value)) ? flowMap(pairs) : blockMap(pairs);
}

/** Beyond, the library breaks a map in braces into lines (`Collection.maxFlowStringSingleLineLength` in yaml 2). */
const longestLine = 60;

function lengthOf(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, { key, value }) => sum + textLength(key) + textLength(value) + 4, 0);
}

function textLength(node: unknown): number {
  if (isScalar(node)) return String(node.value).length;
  return isMap(node) ? lengthOf(node.items) + 2 : 0;
}

function hasComment(node: unknown): boolean {
  if (isScalar(node) || isMap(node)) return typeof node.comment === 'string' || (isMap(node) && node.items.some(({ value }) => hasComment(value)));
  return false;
}
