import { rules } from '../src/model/rules.ts';
import { rulePage } from '../src/report/rule-markdown.ts';

/** `docs/rules.md`: every rule that check-pushdown names, with a link to its page. */
export function rulesPage(): string {
  const rows = Object.entries(rules).map(([id, { what }]) => `| [${id}](rules/${id}.md) | ${what.replaceAll('|', '\\|')} |`);
  return `${head}\n| rule | what was found |\n|---|---|\n${rows.join('\n')}\n`;
}

const head = `# Rules

What \`fdw check-pushdown\` may say of a query: the reasons why a clause runs here, what is worth knowing of one that is
sent, and what a report finds beside them. An id is never used for anything else. \`fdw rules\` lists them at a terminal, with those of
[\`fdw drift\`](drift.md), and \`fdw rules ID\` prints one.

The examples are judged by tests on PostgreSQL 14 to 18. Their foreign tables are those of
[test/pushdown/fixture.ts](../test/pushdown/fixture.ts).
`;

/** `docs/rules/<id>.md`, by its path. */
export function rulePages(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(rules).map((id) => [`docs/rules/${id}.md`, `${rulePage(id)}\n`]));
}
