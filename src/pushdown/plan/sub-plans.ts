import { tokens } from '../queries/lexer.ts';

/** Whether an expression as the plan prints it runs a sub-select: `(SubPlan 1)`, `(hashed SubPlan 1)`. Quoted, it would be a name. */
export function mentionsSubPlan(text: string): boolean {
  return [...tokens(text)].some((token) => token.kind === 'word' && text.slice(token.start, token.end) === 'SubPlan');
}

/** `(InitPlan 1).col1`, which 17 and later print for a parameter, as a parameter that the statement cannot have: `$0`. */
export function withoutInitPlans(text: string): string {
  if (!text.includes('InitPlan')) return text;
  const all = [...tokens(text)];
  const word = (index: number): string => text.slice(all[index]?.start ?? 0, all[index]?.end ?? 0);
  let result = '';
  let last = 0;
  for (let index = 0; index + 5 < all.length; index += 1) {
    if (word(index) !== '(' || word(index + 1) !== 'InitPlan' || word(index + 3) !== ')' || word(index + 4) !== '.') continue;
    result += `${text.slice(last, all[index]?.start)}$0`;
    last = all[index + 5]?.end ?? text.length;
  }
  return result + text.slice(last);
}
