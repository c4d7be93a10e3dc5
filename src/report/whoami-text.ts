import type { WhoamiResult } from '../flows/whoami.ts';
import { linksOf, type Access, type AccessLink, type AccessServer } from '../model/access.ts';
import { databaseText } from './database-text.ts';
import type { Surface } from './style.ts';
import { count, visible, visibleLines, wrap } from './text.ts';

/** A chain from top to bottom, the missing links once more at its end. Without a final line feed. */
export function whoamiText({ database, access }: Pick<WhoamiResult, 'database' | 'access'>, surface: Surface): string {
  const { style } = surface;
  const here = access.here.map((link) => linkText(link, surface)).join('\n');
  const servers = access.servers.map((server) => serverText(server, surface));
  return [databaseText(database, surface), here, ...servers, ...missingText(access, surface), style.bold(summary(access))].join('\n\n');
}

function serverText({ server, as, links }: AccessServer, surface: Surface): string {
  return [surface.style.bold(`Server ${visible(server)}, as ${visible(as)}`), ...links.map((link) => linkText(link, surface))].join('\n');
}

function linkText({ state, message, depth, todo }: AccessLink, { style, width }: Surface): string {
  const mark = state === 'ok' ? style.green('✓') : state === 'missing' ? style.red('✗') : style.yellow('?');
  const by = 2 + 2 * depth;
  const lines = [wrap(`${mark} ${visible(message)}`, width, by, 2)];
  if (state === 'unknown' && todo !== undefined && 'words' in todo) lines.push(wrap(`${style.cyan('→')} ${visible(todo.words)}`, width, by + 2, 2));
  return lines.join('\n');
}

function missingText(access: Access, { style, width }: Surface): readonly string[] {
  return linksOf(access).filter(({ state }) => state === 'missing').map(({ message, todo }) => {
    const lines = [wrap(`${style.red('missing:')} ${visible(message)}`, width, 0, 2)];
    if (todo !== undefined && 'words' in todo) lines.push(wrap(`${style.cyan('→')} ${visible(todo.words)}`, width, 2, 2));
    if (todo !== undefined && 'sql' in todo) lines.push(`  ${style.cyan(`${todo.on === 'remote' ? 'on the remote: ' : ''}${visibleLines(todo.sql)};`)}`);
    return lines.join('\n');
  });
}

/** One line, a contract: `rep reaches public.vo.`, `1 link is missing.`, `Nothing is missing; 1 link is unknown.` */
function summary(access: Access): string {
  const links = linksOf(access);
  const [missing, unknown] = (['missing', 'unknown'] as const).map((state) => links.filter((link) => link.state === state).length);
  if (missing) return `${count(missing, 'link')} ${missing === 1 ? 'is' : 'are'} missing${unknown ? `, ${unknown} unknown` : ''}.`;
  if (unknown) return `Nothing is missing; ${count(unknown, 'link')} ${unknown === 1 ? 'is' : 'are'} unknown.`;
  const role = visible(access.role);
  if (access.object !== undefined) return access.servers.length === 0 ? `${visible(access.object.name)} reads no foreign table.` : `${role} reads ${visible(`${access.object.schema}.${access.object.name}`)}.`;
  return access.servers.length === 0 ? `${role} may read no foreign table.` : `${role} reaches ${count(new Set(access.servers.map(({ server }) => server)).size, 'server')}.`;
}
