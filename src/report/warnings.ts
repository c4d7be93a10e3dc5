import type { Problem } from '../base/spec-error.ts';
import type { Surface } from './style.ts';
import { visible, wrap } from './text.ts';

/** Warnings, one after the other, each with its place. Without a final line feed. */
export function warningsText(warnings: readonly Problem[], { style, width }: Surface): string {
  return warnings
    .map(({ message, at, hint }) => {
      const place = at === undefined ? '' : `${at.source.file}:${at.line}:${at.column}: `;
      const first = wrap(visible(place + message), width);
      return `${style.yellow('Warning:')} ${first}${hint === undefined ? '' : `\n${wrap(`→ ${visible(hint)}`, width, 2)}`}`;
    })
    .join('\n');
}
