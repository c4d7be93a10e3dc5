import type { WrapperFunction } from '../../model/objects.ts';
import { splitName } from '../qualified-name.ts';
import type { SpecWrapper } from '../types.ts';
import { shown } from '../words.ts';
import { isNull, valueOf, type MapEntry, type Node } from '../yaml/node.ts';
import { checkName, readText, type BuildContext } from './context.ts';
import { buildFacets, buildGrant } from './facets.ts';
import { buildOptions } from './options.ts';

/** The foreign-data wrappers: those that the spec defines, and those of extensions, of which it gives the grants alone. */
export function buildWrappers(node: Node | undefined, context: BuildContext): readonly SpecWrapper[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => (checkName(entry.key, entry.keyAt, 'the name of a wrapper', context) ? [buildWrapper(entry, context)] : []));
}

function buildWrapper({ key, keyAt, value }: MapEntry, context: BuildContext): SpecWrapper {
  const node = value.kind === 'map' ? value : undefined;
  const defined = node?.entries.some((entry) => entry.key !== 'usage' && entry.key !== 'absent' && !isNull(entry.value)) === true;
  const part = (name: string): Node | undefined => node && valueOf(node, name);
  const facets = buildFacets(node, buildGrant('USAGE', part('usage'), context), context);
  const definition = {
    handler: functionName(part('handler'), context),
    validator: functionName(part('validator'), context),
    options: buildOptions(part('options'), { wrapper: key, kind: 'wrapper', object: { kind: 'wrapper', name: key } }, context),
  };
  if (!defined && facets.grants === undefined) {
    context.problems.add(keyAt, `nothing is said of the wrapper ${shown(key)}`, 'give its `handler` to create it (`none` where it has none), or the roles that hold `usage` on one that an extension brings');
  }
  return { name: { value: key, at: keyAt }, definition: defined ? definition : undefined, ...facets };
}

function functionName(node: Node | undefined, context: BuildContext): WrapperFunction | undefined {
  const text = readText(node, context);
  if (text === undefined || text.value === 'none') return text === undefined ? undefined : 'none';
  const split = splitName(text.value);
  if (split.kind === 'problem') {
    context.problems.add(text.at, `this is not a function's name: ${split.message}`, 'write schema.name, quoted as in SQL where a part contains a dot');
    return undefined;
  }
  const { schema, name } = split;
  if (schema === undefined || schema === '' || name === '') {
    context.problems.add(text.at, `${shown(text.value)} is not a function's name with its schema`, 'write schema.name without arguments, or `none`');
    return undefined;
  }
  return checkName(schema, text.at, 'the name of a schema', context) && checkName(name, text.at, 'the name of a function', context) ? { schema, name } : undefined;
}
