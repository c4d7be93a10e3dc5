import type { WhoamiResult } from '../flows/whoami.ts';
import { linksOf, type AccessLink } from '../model/access.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';
import { databaseJson } from './plan-json.ts';

/** What `fdw whoami --json` prints; schema/whoami.schema.json describes it. */
export function whoamiJson({ database, access, warnings }: WhoamiResult): object {
  const links = linksOf(access);
  return {
    format_version: formatVersion,
    database: databaseJson(database),
    role: access.role,
    object: access.object === undefined ? null : `${access.object.schema}.${access.object.name}`,
    here: access.here.map(linkJson),
    servers: access.servers.map(({ server, as, remoteRole, links: own }) => ({ server, as, remote_role: remoteRole ?? null, links: own.map(linkJson) })),
    summary: { missing: links.filter(({ state }) => state === 'missing').length, unknown: links.filter(({ state }) => state === 'unknown').length },
    warnings: warnings.map(problemJson),
  };
}

function linkJson({ kind, state, message, todo, depth }: AccessLink): object {
  const sql = todo !== undefined && 'sql' in todo ? todo : undefined;
  return { link: kind, state, message, depth, sql: sql?.sql ?? null, run_on: sql?.on ?? null, todo: todo !== undefined && 'words' in todo ? todo.words : null };
}
