import { isScalar, Pair, Scalar, YAMLSeq, type YAMLMap } from 'yaml';
import type { Extension, Wrapper } from '../model/objects.ts';
import { compareNames } from '../model/option.ts';
import { blockMap, flowMap } from './options.ts';
import { keyNode, textNode } from './texts.ts';
import type { Need, PullFacts } from './types.ts';

/** What brings the wrappers, their functions and what the tables stand on; with a version where CREATE EXTENSION would give another. */
export function neededExtensions(installed: readonly Extension[], wrappers: readonly Wrapper[], needs: readonly Need[], facts: PullFacts): readonly Extension[] {
  const names = new Set(wrappers.map(({ name }) => name));
  const needed = new Set([
    ...facts.wrappers.filter(({ name }) => names.has(name)).flatMap(({ extensions }) => extensions),
    ...needs.map(({ extension }) => extension),
  ]);
  const other = new Set(facts.otherVersions);
  return installed
    .filter(({ name }) => needed.has(name))
    .map((extension) => (other.has(extension.name) ? extension : { ...extension, version: undefined }))
    .sort((a, b) => compareNames(a.name, b.name));
}

/** `[postgres_fdw]`, a line each where one is in another schema than public, or has a version. */
export function extensionList(extensions: readonly Extension[]): YAMLSeq {
  const list = new YAMLSeq();
  const nodes = extensions.map(extensionNode);
  list.flow = nodes.every(isScalar);
  list.items.push(...nodes);
  return list;
}

function extensionNode({ name, schema, version }: Extension): Scalar | YAMLMap {
  const more = [
    ...(schema === undefined || schema === 'public' ? [] : [new Pair(new Scalar('schema'), textNode(schema))]),
    ...(version === undefined ? [] : [new Pair(new Scalar('version'), textNode(version))]),
  ];
  return more.length === 0 ? textNode(name) : blockMap([new Pair(keyNode(name), flowMap(more))]);
}
