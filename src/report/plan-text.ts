import { groupBy } from '../base/group.ts';
import { sensitive } from '../base/secret.ts';
import type { Action, Plan, PlannedChange } from '../plan/types.ts';
import { render } from '../sql/statement.ts';
import { hazardsOfWeight } from '../model/consent.ts';
import { type HazardId, hazardKinds } from '../model/hazards.ts';
import { databaseText } from './database-text.ts';
import { applyCommand, leftAloneLine, summaryLine } from './plan-summary.ts';
import type { Style, Surface } from './style.ts';
import { indent, visible, visibleLines, wrap } from './text.ts';

/** Terraform's symbols, all three columns wide. */
const symbols: Record<Action, string> = { create: '  +', update: '  ~', replace: '-/+', drop: '  -' };

function paint(action: Action, style: Style): (text: string) => string {
  switch (action) {
    case 'create':
      return style.green;
    case 'update':
      return style.yellow;
    case 'replace':
    case 'drop':
      return style.red;
  }
}

function changeText(change: PlannedChange, { style, width }: Surface): string {
  const colour = paint(change.action, style);
  const lines = [`${colour(symbols[change.action])} ${style.bold(visible(change.address))}`];
  for (const detail of change.details) lines.push(indent(visible(detail), 6));
  for (const statement of change.statements) {
    lines.push(indent(style.dim(`${visibleLines(render(statement, () => sensitive))};`), 6));
  }
  for (const { id, message } of change.hazards) {
    lines.push(wrap(`${markOf(id, style)(`! ${id}:`)} ${visible(message)}`, width, 6, 2));
  }
  return lines.join('\n');
}

function markOf(id: HazardId, style: Style): (text: string) => string {
  return hazardKinds[id].weight === 'advice' ? style.yellow : style.red;
}

function heading(server: string | undefined): string {
  return server === undefined ? 'Local database' : `Server ${visible(server)}`;
}

/** Whether apply would refuse the plan, and what it would take. */
function consentText(plan: Plan, { style, width }: Surface): readonly string[] {
  const refused = hazardsOfWeight(plan, 'refused');
  const ids = [...new Set(refused.map(({ id }) => id))];
  if (refused.length > 0) return [wrap(`${style.red('Apply refuses this plan:')} see ${ids.join(' and ')} above. Nothing allows that.`, width, 0, 2)];
  if (hazardsOfWeight(plan, 'consent').length === 0) return [];
  return [wrap(`${style.yellow('Apply needs your consent:')} ${applyCommand(plan)}`, width, 0, 2)];
}

/** A plan for people. Its last line is the summary. Without a final line feed. */
export function planText(plan: Plan, surface: Surface): string {
  const { style, width } = surface;
  const groups = [...groupBy(plan.changes, (change) => change.server)].map(
    ([server, changes]) => `${heading(server)}\n${changes.map((change) => changeText(change, surface)).join('\n')}`,
  );
  const notices = plan.notices.map(({ address, message }) =>
    wrap(`${style.yellow('?')} ${visible(address)}: ${visible(message)}`, width, 2, 2),
  );
  return [
    databaseText(plan.database, surface),
    ...groups,
    ...(notices.length > 0 ? [`Worth knowing\n${notices.join('\n')}`] : []),
    ...consentText(plan, surface),
    ...[leftAloneLine(plan) ?? []].flat(),
    style.bold(summaryLine(plan)),
  ].join('\n\n');
}
