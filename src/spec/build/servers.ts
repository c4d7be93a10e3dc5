import type { SpecExtension, SpecServer, SpecUserMapping } from '../types.ts';
import { relativePlace, shown } from '../words.ts';
import { valueOf, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';
import { isAbsent, presentIn, prunes } from './absent.ts';
import { checkName, readName, readText, type BuildContext } from './context.ts';
import { buildExpectation } from './expect.ts';
import { buildFacets, buildGrant, namedRole } from './facets.ts';
import { buildOptions } from './options.ts';

/** Extensions in the short form (names), the long form, or a list of both. */
export function buildExtensions(node: Node | undefined, context: BuildContext): readonly SpecExtension[] {
  const found: SpecExtension[] = [];
  for (const item of node?.kind === 'list' ? node.items : node?.kind === 'map' ? [node] : []) {
    if (item.kind === 'map') {
      for (const entry of item.entries) {
        const extension = longForm(entry, context);
        if (extension !== undefined) found.push(extension);
      }
    } else {
      const name = readName(item, 'the name of an extension', context);
      if (name !== undefined) found.push({ name, schema: undefined, version: undefined });
    }
  }
  const first = new Map<string, SpecExtension>();
  for (const extension of found) {
    const earlier = first.get(extension.name.value);
    if (earlier === undefined) first.set(extension.name.value, extension);
    else context.problems.add(extension.name.at, `the extension ${shown(extension.name.value)} is listed twice`, `it is first listed ${relativePlace(earlier.name.at, extension.name.at)}`);
  }
  return [...first.values()];
}

function longForm(entry: MapEntry, context: BuildContext): SpecExtension | undefined {
  if (isAbsent(entry.value)) return undefined;
  const settings = entry.value.kind === 'map' ? entry.value : undefined;
  const schema = settings && readName(valueOf(settings, 'schema'), 'the name of a schema', context);
  const version = settings && readText(valueOf(settings, 'version'), context);
  if (!checkName(entry.key, entry.keyAt, 'the name of an extension', context)) return undefined;
  return { name: { value: entry.key, at: entry.keyAt }, schema, version };
}

/** The servers with their user mappings. */
export function buildServers(node: Node | undefined, context: BuildContext): readonly SpecServer[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    if (!checkName(entry.key, entry.keyAt, 'the name of a server', context)) return [];
    return [buildServer(entry, context)];
  });
}

function buildServer(entry: MapEntry, context: BuildContext): SpecServer {
  const node: MapNode | undefined = entry.value.kind === 'map' ? entry.value : undefined;
  const value = (key: string): Node | undefined => node && valueOf(node, key);
  const wrapper = readName(value('wrapper'), 'the name of a wrapper', context)?.value ?? 'postgres_fdw';
  return {
    name: { value: entry.key, at: entry.keyAt },
    renamedFrom: readName(value('renamed_from'), 'the name of a server', context),
    wrapper,
    type: readText(value('type'), context)?.value,
    version: readText(value('version'), context)?.value,
    options: buildOptions(value('options'), { wrapper, kind: 'server', object: { kind: 'server', name: entry.key } }, context),
    ...buildFacets(node, buildGrant('USAGE', value('usage'), context), context),
    expect: buildExpectation(value('expect'), context),
    userMappings: buildUserMappings(presentIn(value('user_mappings')), { name: entry.key, wrapper }, context),
    prune: prunes(node),
  };
}

function buildUserMappings(node: Node | undefined, { name: server, wrapper }: { readonly name: string; readonly wrapper: string }, context: BuildContext): readonly SpecUserMapping[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key, keyAt, value }) => {
    if (!checkName(key, keyAt, 'the name of a role', context)) return [];
    if (key !== 'public' && key.toLowerCase() === 'public') {
      context.warnings.add(keyAt, `${shown(key)} is the name of a role here`, 'write `public` in lower case for everyone');
    }
    if (ownRoleWords.has(key.toLowerCase())) {
      context.warnings.add(keyAt, `${shown(key)} is the name of a role here, not the role that connects`, 'write the name of the role that the mapping is for');
    }
    const role = namedRole(key);
    const object = { kind: 'user-mapping', server, role } as const;
    return [{ role, at: keyAt, options: buildOptions(withoutAbsent(value), { wrapper, kind: 'user-mapping', object }, context) }];
  });
}

/** What SQL takes for the role of the session: a spec names roles, so that everybody who applies it means the same. */
const ownRoleWords: ReadonlySet<string> = new Set(['current_user', 'current_role', 'session_user']);

/** `absent` is a key of fdw's own among the options of a user mapping. */
function withoutAbsent(node: Node): Node {
  return node.kind === 'map' ? node.with(node.entries.filter(({ key }) => key !== 'absent')) : node;
}
