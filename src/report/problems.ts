import type { Problem } from '../base/spec-error.ts';
import { displayWidth } from './display-width.ts';
import { excerptOf } from './excerpt.ts';
import { Lines } from '../base/lines.ts';
import type { Surface } from './style.ts';
import { visible, wrap } from './text.ts';

/**
 * Problems for people, each with its line and a caret under its place:
 *
 *     fdw.yaml:12:5: error: `sever` is not a key of an imported schema
 *        12 |     sever: shop
 *           |     ^^^^^
 *           = did you mean `server`?
 *
 * Secrets in the line read `(sensitive)`; control characters are written out. Without a final line feed.
 */
export function renderProblems(problems: readonly Problem[], { style, width }: Surface, severity: 'error' | 'warning' = 'error'): string {
  const gutter = Math.max(4, ...problems.map(({ at }) => String(at?.line ?? '').length + 2));
  const paint = severity === 'error' ? style.red : style.yellow;

  const render = ({ at, message, hint }: Problem): string => {
    const head = `${style.bold(paint(`${severity}:`))} ${style.bold(visible(message))}`;
    const margin = ' '.repeat(gutter);
    const shownHint = hint === undefined ? [] : [`${margin} ${style.cyan('=')} ${wrap(visible(hint), width, gutter + 3).trimStart()}`];
    if (at === undefined) return [head, ...shownHint].join('\n');

    const range = Lines.of(at.source).range(at.line);
    const where = `${visible(at.source.file)}:${at.line}:${at.column}: `;
    if (range.end === range.start) return [where + head, ...shownHint].join('\n');
    const { before, marked, after } = excerptOf(at, range, width - gutter - 3);
    const number = style.cyan(`${String(at.line).padStart(gutter)} |`);
    const caret = ' '.repeat(displayWidth(before)) + paint('^'.repeat(Math.max(1, displayWidth(marked))));
    return [where + head, `${number} ${before}${marked}${after}`.trimEnd(), `${style.cyan(`${margin} |`)} ${caret}`, ...shownHint].join('\n');
  };
  return problems.map(render).join('\n\n');
}
