import { exampleOf, ruleOf } from '../model/rule-book.ts';
import { fenced } from './markdown.ts';
import { exampleWords, heldOn } from './rule-words.ts';

/** The page of a rule as Markdown, without a final line feed. @param id of a rule that there is */
export function rulePage(id: string): string {
  const rule = ruleOf(id);
  const parts = [`# ${id}`, rule.what, rule.why, `**What to do:** ${rule.todo}`];
  const example = exampleOf(id);
  if (example === undefined) return parts.join('\n\n');
  const { given, sql, says, remedy, instead } = example;
  parts.push(`## Example${heldOn(example)}`);
  if (given !== undefined) parts.push(given);
  parts.push(fenced(sql, 'sql'), `${exampleWords.says(example)}\n\n> ${id}: ${says.replace(/[\\`*_[\]<>]/g, '\\$&')}`);
  if (remedy !== undefined) parts.push(exampleWords.remedy, fenced(remedy, 'sql'));
  if (instead !== undefined) parts.push(exampleWords.instead, fenced(instead, 'sql'));
  return parts.join('\n\n');
}
