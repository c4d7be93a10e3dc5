import { driftRules } from './drift-rules.ts';
import { ruleExamples } from './rule-examples.ts';
import type { RuleExample } from './rule-examples.ts';
import { rules } from './rules.ts';
import type { Rule } from './rules.ts';

/** A chapter of the rules that fdw knows: those of one command. */
export interface RuleChapter {
  readonly command: 'check-pushdown' | 'drift';
  readonly rules: Readonly<Record<string, Rule>>;
}

/** Every rule that a command names, by command. */
export const ruleBook: readonly RuleChapter[] = [
  { command: 'check-pushdown', rules },
  { command: 'drift', rules: driftRules },
];

const byId: ReadonlyMap<string, Rule> = new Map(ruleBook.flatMap((chapter) => Object.entries(chapter.rules)));

const examples: ReadonlyMap<string, RuleExample> = new Map(Object.entries(ruleExamples));

/** The ids of all rules. */
export const ruleIds: readonly string[] = [...byId.keys()];

/** A rule by its id. @throws RangeError where there is none */
export function ruleOf(id: string): Rule {
  const rule = byId.get(id);
  if (rule === undefined) throw new RangeError(`no rule ${id}`);
  return rule;
}

/** The example of a rule; undefined: it has none. */
export function exampleOf(id: string): RuleExample | undefined {
  return examples.get(id);
}
