import type { PlanStep, Scan } from '../pushdown/types.ts';
import { displayWidth } from './display-width.ts';
import { wireText } from './pushdown-remedies.ts';
import type { Surface } from './style.ts';
import { amount, visible, wrap } from './text.ts';

/** What really came of a scan. */
export type ActualScan = { readonly rows: number; readonly loops: number } | undefined;

/** What the lines of a tree are made with. */
interface Drawing extends Surface {
  readonly scans: readonly Scan[];
  readonly actual: readonly ActualScan[];
}

/** `remote` or `here`, and room after it. */
const margin = 8;

/**
 * A plan as a tree, a line for each node with where it runs, and under a node what it works by, what is sent and what
 * comes back.
 */
export function planTree(root: PlanStep, scans: readonly Scan[], actual: readonly ActualScan[], surface: Surface): string {
  return stepLines(root, { ...surface, scans, actual }, '', '').join('\n');
}

/**
 * @param branch what leads to the node's own line
 * @param trunk what its other lines begin with
 */
function stepLines(step: PlanStep, drawing: Drawing, branch: string, trunk: string): readonly string[] {
  const { style } = drawing;
  const mark = step.runs === 'remote' ? style.green('remote'.padEnd(margin)) : style.yellow('here'.padEnd(margin));
  const name = step.name === undefined ? '' : `${visible(step.name)}: `;
  const on = step.relations.length === 0 ? '' : ` on ${step.relations.map(visible).join(', ')}`;
  const inner = `${trunk}${step.children.length > 0 ? '│ ' : '  '}`;
  return [
    `${mark}${style.dim(branch)}${name}${style.bold(step.type)}${on}  ${style.dim(amount(step.rows, 'row'))}`,
    ...step.details.flatMap(({ label, text }) => hanging(label, text, inner, drawing)),
    ...step.scans.flatMap((index) => scanLines(index, inner, drawing)),
    ...step.children.flatMap((child, index) => {
      const last = index === step.children.length - 1;
      return stepLines(child, drawing, `${trunk}${last ? '└─ ' : '├─ '}`, `${trunk}${last ? '   ' : '│  '}`);
    }),
  ];
}

function scanLines(index: number, trunk: string, drawing: Drawing): readonly string[] {
  const scan = drawing.scans[index];
  if (scan === undefined) return [];
  const actual = drawing.actual[index];
  const loops = scan.loops > 1 ? `, asked ${amount(scan.loops, 'time')}` : '';
  const trips = `${amount(scan.roundTrips, 'round trip')} of up to ${amount(scan.rowsPerTrip, 'row')}`;
  return [
    ...hanging('Server', scan.server, trunk, drawing),
    ...hanging('Remote SQL', scan.remoteSql, trunk, drawing),
    ...(scan.filter === null ? [] : hanging('Filter here', scan.filter, trunk, drawing)),
    ...hanging(scan.operation === 'select' ? 'Fetches' : 'Writes', `about ${wireText({ rows: scan.estimatedRows, bytes: scan.estimatedBytes })}${loops}, ${trips}`, trunk, drawing),
    ...(actual === undefined ? [] : hanging('Really', `${amount(actual.rows, 'row')}${actual.loops === 1 ? '' : `, asked ${amount(actual.loops, 'time')}`}`, trunk, drawing)),
  ];
}

/** A label and its text, wrapped within what the tree leaves of the width. */
function hanging(label: string, text: string, trunk: string, { style, width }: Drawing): readonly string[] {
  const room = Math.max(40, width - margin - displayWidth(trunk) - 2);
  return wrap(`${style.dim(`${label}:`)} ${visible(text)}`, room, 0, 2, 'cut')
    .split('\n')
    .map((line) => `${' '.repeat(margin)}${style.dim(trunk)}  ${line}`);
}
