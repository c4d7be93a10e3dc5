import { rules } from '../src/model/rules.ts';

/** `docs/rules.md`: every rule that check-pushdown names, in print. */
export function rulesPage(): string {
  const sections = Object.entries(rules).map(([id, { what, why, todo }]) => `## ${id}\n\n${what} ${why}\n\n**What to do:** ${todo}\n`);
  const head = '# Rules\n\nWhat `fdw check-pushdown` may say of a query: the reasons why a clause runs here, what is worth knowing of one that is\nsent, and what a report finds beside them. An id is never used for anything else.\n';
  return [head, ...sections].join('\n');
}
