import { exampleOf, ruleBook, ruleOf } from '../model/rule-book.ts';
import { exampleWords, heldOn } from './rule-words.ts';
import type { Surface } from './style.ts';
import { indent, wrap } from './text.ts';

/** Every rule on a line of its own, by command. Without a final line feed. */
export function rulesText({ style, width }: Surface): string {
  const column = Math.max(...ruleBook.flatMap(({ rules }) => Object.keys(rules).map((id) => id.length))) + 2;
  const chapters = ruleBook.map(({ command, rules }) => {
    const lines = Object.entries(rules).map(([id, { what }]) => `${style.cyan(id)}${' '.repeat(column - id.length)}${wrap(what, Math.max(40, width - 2 - column)).replaceAll('\n', `\n${' '.repeat(column)}`)}`);
    return `${style.bold(`fdw ${command}`)}\n${indent(lines.join('\n'), 2)}`;
  });
  return chapters.join('\n\n');
}

/** The page of a rule for a terminal. @param id of a rule that there is */
export function ruleText(id: string, { style, width }: Surface): string {
  const { what, why, todo } = ruleOf(id);
  const parts = [style.bold(id), wrap(what, width), wrap(why, width), wrap(`${style.bold('What to do:')} ${todo}`, width, 0, 2)];
  const example = exampleOf(id);
  if (example === undefined) return parts.join('\n\n');
  const { given, sql, says, remedy, instead } = example;
  parts.push(style.bold(`Example${heldOn(example)}`));
  if (given !== undefined) parts.push(wrap(given, width));
  parts.push(indent(sql, 4), exampleWords.says(example).replaceAll('`', ''), wrap(`${style.dim(`${id}:`)} ${says}`, width, 4, 2));
  if (remedy !== undefined) parts.push(exampleWords.remedy, indent(remedy, 4));
  if (instead !== undefined) parts.push(exampleWords.instead, indent(instead, 4));
  return parts.join('\n\n');
}
