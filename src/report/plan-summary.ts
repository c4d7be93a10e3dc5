import type { Plan, Summary } from '../plan/types.ts';
import { count } from './text.ts';

/** `2 to create, 1 to change, 0 to drop`; replacements are named where there are any. */
function parts({ create, update, replace, drop }: Summary, words: (number: number, verb: 'create' | 'change' | 'replace' | 'drop') => string): string {
  return [words(create, 'create'), words(update, 'change'), ...(replace > 0 ? [words(replace, 'replace')] : []), words(drop, 'drop')].join(', ');
}

/** The line that a plan ends with. Scripts read it: its form is a contract. */
export function summaryLine(plan: Plan): string {
  if (plan.changes.length > 0) return `Plan: ${parts(plan.summary, (number, verb) => `${number} to ${verb}`)}.`;
  const { servers, userMappings, foreignTables } = plan.compared;
  const compared = [count(servers, 'server'), count(userMappings, 'user mapping'), count(foreignTables, 'foreign table')];
  return `No changes. Compared ${compared.join(', ')} with the spec.`;
}

const past = { create: 'created', change: 'changed', replace: 'replaced', drop: 'dropped' } as const;

/** The line that an apply ends with. */
export function appliedLine(summary: Summary): string {
  return `Applied: ${parts(summary, (number, verb) => `${number} ${past[verb]}`)}.`;
}
