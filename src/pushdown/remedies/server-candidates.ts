import { nameKey } from '../../model/name.ts';
import type { ReasonId } from '../../model/rules.ts';
import { comment, ident, literal } from '../../sql/quote.ts';
import type { ServerFacts } from '../facts/relations.ts';
import { foreignTables, reasonsOf, serversOf } from './candidate.ts';
import type { Candidate, Grounds } from './candidate.ts';
import { yamlText } from './yaml-text.ts';

/** Remedies that change a server. */
export async function serverCandidates(on: Grounds): Promise<readonly Candidate[]> {
  return [...listedExtensions(on), ...(await oneServer(on)), ...askedAtOnce(on)];
}

/** The option `extensions`, with what is missing from it, of each server; of those of one partitioned table together. */
function listedExtensions(on: Grounds): readonly Candidate[] {
  const missing = reasonsOf(on, 'extension-not-listed').map((reason) => reason.subject);
  if (missing.length === 0) return [];
  return serverGroups(on).flatMap((servers): readonly Candidate[] => {
    const changed = servers.flatMap((server) => {
      const listed = (server.extensions ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');
      const added = missing.filter((each) => !listed.includes(each));
      return added.length === 0 ? [] : [{ server, added, all: [...listed, ...added.map(ident)] }];
    });
    const [first] = changed;
    if (first === undefined) return [];
    const added = [...new Set(changed.flatMap((each) => each.added))];
    return [
      {
        kind: 'option',
        reasons: ['extension-not-listed'],
        title: `list ${added.join(', ')} in the option extensions of ${serverNames(changed.map(({ server }) => server))}`,
        sql: changed.map(({ server, all }) => `ALTER SERVER ${ident(server.name)} OPTIONS (${server.extensions === undefined ? 'ADD' : 'SET'} extensions ${literal(all.join(','))});`).join('\n'),
        spec: changed.map(({ server, all }) => ({ path: ['servers', server.name, 'options', 'extensions'], value: `[${all.map(yamlText).join(', ')}]` })),
        changesMeaning: `you promise that the remote has ${added.length === 1 ? 'the extension' : 'the extensions'} too, in a version that behaves alike`,
        trial: { change: { servers: Object.fromEntries(changed.map(({ server, all }) => [server.name, { extensions: all.join(',') }])) } },
      },
    ];
  });
}

const packageable = ['function-not-shippable', 'operator-not-shippable', 'aggregate-not-shippable', 'type-not-shippable', 'object-not-shippable'] as const;

/** What keeps a clause here whatever extension its objects belong to. */
const beyondPackaging: ReadonlySet<ReasonId> = new Set(['mutable-function', 'session-function', 'unsupported-expression', 'collation', 'system-column']);

/** Objects of the user's own as an extension of theirs on both sides: what it has is then sent as that of any listed extension. */
export function packaged(on: Grounds): readonly Candidate[] {
  const helped = on.ill.filter(({ reasons }) => !reasons.some(({ id }) => beyondPackaging.has(id)));
  const meant = [...new Set(packageable.flatMap((id) => reasonsOf({ ...on, ill: helped }, id).map(({ subject }) => (id === 'object-not-shippable' ? `what ${subject} names` : subject))))];
  const servers = serversOf(foreignTables(on)).filter(({ wrapper }) => wrapper === 'postgres_fdw');
  if (meant.length === 0 || servers.length === 0) return [];
  const listed = ({ extensions }: ServerFacts): readonly string[] => [...(extensions ?? '').split(',').map((each) => each.trim()).filter((each) => each !== ''), ownExtension];
  return [
    {
      kind: 'option',
      reasons: packageable,
      title: `package ${meant.join(', ')} as an extension of your own on both sides, and list that`,
      sql: [
        comment(`${ownExtension} stands for an extension with ${meant.join(', ')}, made here and on the remote`),
        ...servers.map((server) => `ALTER SERVER ${ident(server.name)} OPTIONS (${server.extensions === undefined ? 'ADD' : 'SET'} extensions ${literal(listed(server).join(','))});`),
      ].join('\n'),
      spec: servers.map((server) => ({ path: ['servers', server.name, 'options', 'extensions'], value: `[${listed(server).map(yamlText).join(', ')}]` })),
      changesMeaning: 'you promise that it does the same on both sides',
      trial: 'the extension is yet to be made, and checking makes none',
      lastResort: true,
    },
  ];
}

/** Stands for the extension that a user would make. */
const ownExtension = 'my_extension';

function serverNames(servers: readonly ServerFacts[]): string {
  return `${servers.length === 1 ? 'server' : 'servers'} ${servers.map(({ name }) => name).join(', ')}`;
}

/** Each server by itself, those of the partitions of one table together: what is not sent to one of them is sent to none. */
function serverGroups(on: Grounds): readonly (readonly ServerFacts[])[] {
  const tables = foreignTables(on);
  const roots = new Set(tables.map(({ root }) => (root === undefined ? '' : nameKey(root))));
  const groups = [...roots].flatMap((root) => {
    const servers = serversOf(tables.filter((table) => (table.root === undefined ? '' : nameKey(table.root)) === root));
    return root === '' ? servers.map((server) => [server]) : [servers];
  });
  return [...new Map(groups.map((servers) => [servers.map(({ oid }) => oid).join(), servers])).values()];
}

/** The first minor release of each major in which an Append that is read again asks at once without harm (7d74b26447, August 2026). */
const safeAsync: Readonly<Record<number, number>> = { 14: 24, 15: 19, 16: 15, 17: 11, 18: 5 };

/** The option `async_capable` of servers that are asked one after the other. It is tried on the tables, where it means the same. */
function askedAtOnce(on: Grounds): readonly Candidate[] {
  const names = reasonsOf(on, 'async-off').flatMap(({ subject }) => subject.split(', '));
  const tables = foreignTables(on).filter(({ server, asyncCapable }) => asyncCapable === undefined && server !== undefined && names.includes(server.name));
  if (tables.length === 0) return [];
  const servers = serversOf(tables);
  const [major, minor] = [Math.floor(on.versionNum / 10000), on.versionNum % 10000];
  const safe = safeAsync[major];
  return [
    {
      kind: 'option',
      reasons: ['async-off'],
      title: `let ${serverNames(servers)} be asked at once`,
      sql: servers.map(({ name }) => `ALTER SERVER ${ident(name)} OPTIONS (ADD async_capable 'true');`).join('\n'),
      spec: servers.map(({ name }) => ({ path: ['servers', name, 'options', 'async_capable'], value: 'true' })),
      changesMeaning: safe === undefined || minor >= safe ? null : `this is PostgreSQL ${major}.${minor}: up to ${major}.${safe - 1}, a statement that reads the shards again and again (LATERAL, a sub-select for each row) may then give wrong results or never end; move to ${major}.${safe} first`,
      trial: { change: { tables: new Map(tables.map(({ oid }) => [oid, { options: { async_capable: 'true' } }])) } },
      shows: ({ async }) => async,
    },
  ];
}

/** Tables of one database that are reached by two servers. */
async function oneServer(on: Grounds): Promise<readonly Candidate[]> {
  if (reasonsOf(on, 'cross-server-join').length === 0) return [];
  const servers = serversOf(foreignTables(on));
  const rows = await on.prober.read<{ name: string; place: string | null }>(
    `SELECT s.srvname::text AS name, (SELECT string_agg(option_name || '=' || option_value, ' ' ORDER BY option_name)
       FROM pg_catalog.pg_options_to_table(s.srvoptions) WHERE option_name IN ('host', 'hostaddr', 'port', 'dbname', 'service')) AS place
     FROM pg_catalog.pg_foreign_server s WHERE s.srvname = ANY ($1)`,
    [servers.map((each) => each.name)],
  );
  const placeOf = new Map(rows.map((row) => [row.name, row.place]));
  const [first, ...others] = servers;
  if (first === undefined) return [];
  const moved = others.filter((each) => placeOf.get(each.name) !== null && placeOf.get(each.name) === placeOf.get(first.name));
  const tables = foreignTables(on).filter((table) => moved.some((server) => server.oid === table.server?.oid));
  if (tables.length === 0) return [];
  const names = tables.map((table) => `${table.schema}.${table.name}`);
  return [
    {
      kind: 'option',
      reasons: ['cross-server-join'],
      title: `put ${names.join(', ')} on server ${first.name}, which leads to the same database`,
      sql: names.map((name) => comment(`${name}: a foreign table keeps its server; drop it and create it again with SERVER ${ident(first.name)}`)).join('\n'),
      spec: names.map((name) => ({ path: ['tables', name, 'server'], value: yamlText(first.name) })),
      changesMeaning: `it is then read through the user mapping and the options of ${first.name}`,
      trial: { change: { tables: new Map(tables.map((table) => [table.oid, { server: first.name }])) } },
    },
  ];
}
