import { consentNeeded } from '../model/consent.ts';
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

/** What the database has that the spec does not name; undefined where there is nothing else. */
export function leftAloneLine({ leftAlone: { servers, userMappings, foreignTables } }: Plan): string | undefined {
  const kinds = [
    ...(servers > 0 ? [count(servers, 'server')] : []),
    ...(userMappings > 0 ? [count(userMappings, 'user mapping')] : []),
    ...(foreignTables > 0 ? [count(foreignTables, 'foreign table')] : []),
  ];
  return kinds.length === 0 ? undefined : `Not in the spec, left alone: ${kinds.join(', ')}.`;
}

/** The command that carries a plan out, with the consent that it needs. */
export function applyCommand(plan: Plan, file?: string): string {
  const needed = consentNeeded(plan);
  return ['fdw apply', ...(file === undefined ? [] : [file]), ...(needed.length === 0 ? [] : [`--allow ${needed.join(',')}`])].join(' ');
}

const past = { create: 'created', change: 'changed', replace: 'replaced', drop: 'dropped' } as const;

/** The line that an apply ends with. */
export function appliedLine(summary: Summary): string {
  return `Applied: ${parts(summary, (number, verb) => `${number} ${past[verb]}`)}.`;
}
