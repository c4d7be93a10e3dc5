import { Document, Pair, Scalar, type YAMLMap } from 'yaml';
import { extensionList } from './extensions.ts';
import { blockMap } from './options.ts';
import { hasOwn, selectObjects } from './select.ts';
import { localSchemaPairs, schemaPair } from './schemas.ts';
import { serverPair } from './servers.ts';
import { partitionsOf, shardedPair } from './sharded-tables.ts';
import { tablePair } from './tables.ts';
import { escapeForbidden, shown } from './texts.ts';
import type { Pulled, PullFilter, WrittenSpec } from './types.ts';
import { divide, spelledOut } from './unsaid.ts';
import { typePair } from './user-types.ts';
import { Variables } from './variables.ts';
import { wrapperPair } from './wrappers.ts';

/**
 * A database as the text of a spec that plans to no changes there. Sorted; the same database gives the same
 * bytes. Holds no secret: each becomes a reference to an environment variable.
 * @throws UserError `unknown-server`, `unknown-schema`
 */
export function writeSpec(pulled: Pulled, filter: PullFilter): WrittenSpec {
  const { actual, facts, role, recognised } = pulled;
  const selection = selectObjects(pulled, filter);
  const { tables, sharded, extensions, schemas, types, unsaid } = divide(selection, pulled);
  const partitions = partitionsOf(sharded);
  const { servers, wrappers } = selection;
  const names = new Set(servers.map(({ name }) => name));
  const mappings = actual.userMappings.filter(({ server }) => names.has(server));
  const variables = new Variables();
  const spelled = spelledOut(tables, recognised);
  const unread = pulled.unread.map(({ server, why }) => `server ${shown(server)}: ${why.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')}`);

  const section = (key: string, pairs: readonly Pair[]): readonly Pair[] => (pairs.length === 0 ? [] : [spaced(new Pair(new Scalar(key), blockMap(pairs)))]);
  const body = blockMap([
    new Pair(new Scalar('version'), new Scalar(1)),
    ...(extensions.length === 0 ? [] : [spaced(new Pair(new Scalar('extensions'), extensionList(extensions)))]),
    ...section('wrappers', wrappers.filter(hasOwn).map((wrapper) => wrapperPair(wrapper, role, variables))),
    ...section('servers', servers.map((server) => serverPair(server, mappings.filter((mapping) => mapping.server === server.name), role, variables))),
    ...section('schemas', schemas.flatMap((local) => {
      const schema = recognised.find((one) => one.schema === local.name);
      return schema === undefined ? localSchemaPairs(local, role) : [schemaPair(schema, local, facts.partitions.bounds, role, variables)];
    })),
    ...section('types', types.map((type) => typePair(type, role))),
    ...section('tables', spelled.map((table) => tablePair(table, facts.partitions.bounds, role, variables))),
    ...section('sharded_tables', sharded.map((one) => shardedPair(one, role, variables))),
  ]);
  return {
    text: `${head(variables.given, unsaid, unread)}${yamlOf(body)}`,
    counts: { servers: servers.length, userMappings: mappings.length, schemas: recognised.length, tables: spelled.length + partitions.length },
    variables: variables.given,
    unsaid,
    unread,
    hiddenMappings: mappings.filter(({ options }) => options === 'unknown').length,
  };
}

function spaced(pair: Pair<Scalar>): Pair<Scalar> {
  pair.key.spaceBefore = true;
  return pair;
}

function yamlOf(body: YAMLMap): string {
  const document = new Document();
  document.contents = body;
  // Texts are never folded: a line of the file is a line of the text's escapes.
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return escapeForbidden(text);
}

function head(variables: readonly string[], unsaid: readonly string[], unread: readonly string[]): string {
  const lines = [
    'yaml-language-server: $schema=./node_modules/fdw/schema/fdw.schema.json',
    '',
    'Written by `fdw pull` from an existing database: there `fdw plan` finds nothing to change.',
    ...(variables.length === 0
      ? []
      : ['', 'Secrets are not written. Before `fdw plan`, set:', ...variables.map((name) => `  ${name}`)]),
    ...(unsaid.length === 0
      ? []
      : ['', `What a spec cannot say, and nothing here touches (${unsaid.length}):`, ...unsaid.map((line) => `  ${line}`)]),
    ...(unread.length === 0 ? [] : ['', 'Tables are spelled out, whether or not they were imported, where a remote could not be asked:', ...unread.map((line) => `  ${line}`)]),
    '',
    'database: ${env:DATABASE_URL}',
  ];
  return `${lines.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n')}\n\n`;
}
