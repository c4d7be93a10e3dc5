import { type Edit, withEdits } from '../../base/edits.ts';
import { tokens } from '../queries/lexer.ts';

/** A sub-select that an expression runs, where the plan prints it: `(SubPlan 1)`, `EXISTS(SubPlan 2)`, `(hashed SubPlan 3).col1`. */
export interface SubPlanUse {
  /** As the plan calls it: `SubPlan 1`. */
  readonly name: string;
  /** Of its columns the one that is meant, from 0. */
  readonly column: number;
  /** Up to 16 all look alike: `undefined`. */
  readonly form: 'value' | 'array' | 'exists' | undefined;
}

/**
 * An expression as the plan prints it, with a parameter that the statement cannot have in place of each sub-select, so that a parser takes it.
 *
 * get_rule_expr (src/backend/utils/adt/ruleutils.c) prints `(SubPlan 1)` or `(hashed SubPlan 1)` up to 16, whatever it is; from 17 on
 * (fd0398fcb0) `EXISTS(…)`, `ARRAY(…)`, `(ANY (x = (SubPlan 1).col1))`, `(ALL …)` too. Quoted, `SubPlan` would be a name.
 *
 * @returns the uses by the number of their parameter, in the order of the text
 */
export function withoutSubPlans(text: string): { readonly text: string; readonly uses: ReadonlyMap<number, SubPlanUse> } {
  const uses = new Map<number, SubPlanUse>();
  if (!text.includes('SubPlan')) return { text, uses };
  // Around the whole, conjuncts() takes the parentheses away.
  if (!text.includes('(')) return withoutSubPlans(`(${text})`);
  const all = [...tokens(text)];
  const word = (index: number): string => text.slice(all[index]?.start ?? 0, all[index]?.end ?? 0);
  const edits: Edit[] = [];
  for (const [index, token] of all.entries()) {
    if (token.kind !== 'word' || word(index) !== 'SubPlan') continue;
    const open = word(index - 1) === '(' ? index - 1 : index - 2;
    const close = index + 2;
    if (word(open) !== '(' || word(close) !== ')') continue;
    const before = word(open - 1);
    const form = before === 'EXISTS' ? 'exists' : before === 'ARRAY' ? 'array' : undefined;
    const column = word(close + 1) === '.' ? columnNumber(word(close + 2)) : undefined;
    const parameter = firstParameter + uses.size;
    uses.set(parameter, { name: `SubPlan ${word(index + 1)}`, column: column ?? 0, form: column === undefined ? form : 'value' });
    edits.push({ start: all[form === undefined ? open : open - 1]?.start ?? 0, end: all[column === undefined ? close : close + 2]?.end ?? text.length, text: `$${parameter}` });
  }
  // An operator stands before the ANY of an array.
  for (const [index, token] of all.entries()) {
    if (token.kind === 'word' && (word(index) === 'ANY' || word(index) === 'ALL') && word(index - 1) === '(' && word(index + 1) === '(') edits.push({ start: token.start, end: token.end, text: '' });
  }
  return { text: withEdits(text, edits), uses };
}

/** More than a statement can have (MaxAttrNumber and the protocol end at 65535). */
const firstParameter = 1_000_001;

/** Whether a parameter of this number stands for a sub-plan. */
export function isSubPlan(number: unknown): boolean {
  return typeof number === 'number' && number >= firstParameter;
}

/** What withoutSubPlans put in, for people to read. */
export function withSubSelects(text: string): string {
  if (!text.includes('$')) return text;
  const edits = [...tokens(text)].flatMap(({ kind, start, end }) => (kind === 'parameter' && isSubPlan(Number(text.slice(start + 1, end))) ? [{ start, end, text: '(SELECT …)' }] : []));
  return withEdits(text, edits);
}

function columnNumber(name: string): number {
  return name.startsWith('col') ? Number(name.slice('col'.length)) - 1 : 0;
}

/** `(InitPlan 1).col1`, which 17 and later print for a parameter, as a parameter that the statement cannot have: `$0`. */
export function withoutInitPlans(text: string): string {
  if (!text.includes('InitPlan')) return text;
  const all = [...tokens(text)];
  const word = (index: number): string => text.slice(all[index]?.start ?? 0, all[index]?.end ?? 0);
  const edits: Edit[] = [];
  for (let index = 0; index + 5 < all.length; index += 1) {
    if (word(index) !== '(' || word(index + 1) !== 'InitPlan' || word(index + 3) !== ')' || word(index + 4) !== '.') continue;
    edits.push({ start: all[index]?.start ?? 0, end: all[index + 5]?.end ?? text.length, text: '$0' });
  }
  return withEdits(text, edits);
}
