import { ident, literal } from '../../sql/quote.ts';
import type { ServerFacts } from '../facts/relations.ts';
import { foreignTables, reasonsOf } from './candidate.ts';
import type { Candidate, Grounds } from './candidate.ts';
import { specPatch, yamlKey } from './spec-patch.ts';

/** Remedies that change a server. */
export async function serverCandidates(on: Grounds): Promise<readonly Candidate[]> {
  return [...listedExtensions(on), ...(await oneServer(on))];
}

/** The option `extensions`, with what is missing from it. */
function listedExtensions(on: Grounds): readonly Candidate[] {
  const missing = reasonsOf(on, 'extension-not-listed').map((reason) => reason.subject);
  if (missing.length === 0) return [];
  return serversOf(on).flatMap((server): readonly Candidate[] => {
    const listed = (server.extensions ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');
    const added = missing.filter((each) => !listed.includes(each));
    if (added.length === 0) return [];
    const all = [...listed, ...added.map(ident)];
    const value = all.join(',');
    return [
      {
        kind: 'option',
        reasons: ['extension-not-listed'],
        title: `list ${added.join(', ')} in the option extensions of server ${server.name}`,
        sql: `ALTER SERVER ${ident(server.name)} OPTIONS (${server.extensions === undefined ? 'ADD' : 'SET'} extensions ${literal(value)});`,
        spec: specPatch([{ path: ['servers', server.name, 'options', 'extensions'], value: `[${all.map(yamlKey).join(', ')}]` }]),
        changesMeaning: `you promise that the remote has ${added.length === 1 ? 'the extension' : 'the extensions'} too, in a version that behaves alike`,
        trial: { change: { servers: { [server.name]: { extensions: value } } } },
      },
    ];
  });
}

function serversOf(on: Grounds): readonly ServerFacts[] {
  return [...new Map(foreignTables(on).flatMap(({ server }) => (server === undefined ? [] : [[server.oid, server] as const]))).values()];
}

/** Tables of one database that are reached by two servers. */
async function oneServer(on: Grounds): Promise<readonly Candidate[]> {
  if (reasonsOf(on, 'cross-server-join').length === 0) return [];
  const servers = serversOf(on);
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
      sql: names.map((name) => `-- ${name}: a foreign table keeps its server; drop it and create it again with SERVER ${ident(first.name)}`).join('\n'),
      spec: specPatch(names.map((name) => ({ path: ['tables', name, 'server'], value: yamlKey(first.name) }))),
      changesMeaning: `it is then read through the user mapping and the options of ${first.name}`,
      trial: { change: { tables: new Map(tables.map((table) => [table.oid, { server: first.name }])) } },
    },
  ];
}
