import { Pair, Scalar } from 'yaml';
import type { Wrapper, WrapperFunction } from '../model/objects.ts';
import { facetPairs, grantPair } from './facets.ts';
import { blockMap, optionPairs } from './options.ts';
import { dottedName, keyNode, textNode } from './texts.ts';
import type { Variables } from './variables.ts';

/** A wrapper that no extension made, or the grants on one that an extension did. */
export function wrapperPair(wrapper: Wrapper, role: string, variables: Variables): Pair {
  const { name, definition, extension } = wrapper;
  const usage = (wrapper.grants ?? []).filter(({ privilege }) => privilege === 'USAGE').map((grant) => grantPair(grant));
  if (extension !== undefined || definition === undefined) return new Pair(keyNode(name), blockMap(usage));
  const { handler, validator, options } = definition;
  return new Pair(
    keyNode(name),
    blockMap([
      new Pair(new Scalar('handler'), functionNode(handler)),
      new Pair(new Scalar('validator'), functionNode(validator)),
      ...(options.length === 0 ? [] : [new Pair(new Scalar('options'), blockMap(optionPairs(options, { references: 'map', named: [name] }, variables)))]),
      ...facetPairs(wrapper, role),
      ...usage,
    ]),
  );
}

function functionNode(named: WrapperFunction = 'none'): Scalar {
  return named === 'none' ? new Scalar('none') : textNode(dottedName(named));
}
