import { exampleOf, ruleBook } from '../model/rule-book.ts';
import { formatVersion } from './format-version.ts';

/** Rules as JSON; see schema/rules.schema.json. @param only the id of one; undefined: all */
export function rulesJson(only: string | undefined): object {
  const all = ruleBook.flatMap(({ command, rules }) => Object.entries(rules).map(([id, rule]) => ({ id, command, rule })));
  return {
    format_version: formatVersion,
    rules: all.filter(({ id }) => only === undefined || id === only).map(({ id, command, rule: { what, why, todo } }) => ({ id, command, what, why, todo, example: exampleJson(id) })),
  };
}

function exampleJson(id: string): object | null {
  const example = exampleOf(id);
  if (example === undefined) return null;
  const { given = null, sql, says, remedy = null, instead = null, from = 14, to = 18 } = example;
  return { given, sql, says, remedy, instead, from, to };
}
