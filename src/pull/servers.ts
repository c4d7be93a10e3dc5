import { Pair, Scalar, type YAMLMap } from 'yaml';
import type { Server, UserMapping } from '../model/objects.ts';
import { facetPairs, grantPair } from './facets.ts';
import { blockMap, flowMap, optionPairs } from './options.ts';
import { keyNode, textNode } from './texts.ts';
import type { Variables } from './variables.ts';

/** A server with its user mappings. */
export function serverPair(server: Server, mappings: readonly UserMapping[], role: string, variables: Variables): Pair {
  const { name, wrapper, type, version, options } = server;
  const usage = (server.grants ?? []).filter(({ privilege }) => privilege === 'USAGE');
  return new Pair(
    keyNode(name),
    blockMap([
      new Pair(new Scalar('wrapper'), textNode(wrapper)),
      // The spec has no word for an empty one; left out, it is left alone.
      ...(type === undefined || type === '' ? [] : [new Pair(new Scalar('type'), textNode(type))]),
      ...(version === undefined || version === '' ? [] : [new Pair(new Scalar('version'), textNode(version))]),
      ...(options.length === 0 ? [] : [new Pair(new Scalar('options'), blockMap(optionPairs(options, { references: 'map', named: [name] }, variables)))]),
      ...facetPairs(server, role),
      ...usage.map((grant) => grantPair(grant)),
      ...(mappings.length === 0 ? [] : [new Pair(new Scalar('user_mappings'), blockMap(mappings.map((mapping) => mappingPair(mapping, variables))))]),
    ]),
  );
}

function mappingPair({ server, role, options }: UserMapping, variables: Variables): Pair {
  const named = role.kind === 'public' ? 'public' : role.name;
  const key = keyNode(named);
  if (options !== 'unknown') return new Pair(key, mappingOptions(optionPairs(options, { references: 'map', named: [server, named] }, variables)));
  const hidden = flowMap([]);
  hidden.comment = ' options hidden from this role: fill them in, a role that sees them would plan to drop them';
  return new Pair(key, hidden);
}

function mappingOptions(pairs: readonly Pair[]): YAMLMap {
  return pairs.length === 0 ? flowMap([]) : blockMap(pairs);
}
