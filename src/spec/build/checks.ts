import type { Check } from '../../model/check.ts';
import { compareNames } from '../../model/option.ts';
import type { Placed } from '../types.ts';
import { valueOf, type MapEntry, type Node } from '../yaml/node.ts';
import { checkName, readBoolean, readText, type BuildContext } from './context.ts';

/** `checks: {positive: amount > 0}` of a table, by name; undefined where the key is left out. */
export function buildChecks(node: Node | undefined, context: BuildContext): readonly Placed<Check>[] | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.entries.flatMap((entry) => buildCheck(entry, context)).sort((a, b) => compareNames(a.value.name, b.value.name));
}

/** The expression alone, or with what else there is to say. */
function buildCheck({ key, keyAt, value }: MapEntry, context: BuildContext): readonly Placed<Check>[] {
  const long = value.kind === 'map';
  const expression = readText(long ? valueOf(value, 'check') : value, context);
  if (!checkName(key, keyAt, 'the name of a check', context) || expression === undefined) return [];
  const says = (word: string): boolean => long && readBoolean(valueOf(value, word)) === true;
  return [{ value: { name: key, expression: expression.value, noInherit: says('no_inherit'), notValid: says('not_valid'), notEnforced: says('not_enforced') }, at: expression.at }];
}
