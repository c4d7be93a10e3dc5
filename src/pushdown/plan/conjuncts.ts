import { tokens } from '../queries/lexer.ts';

/**
 * The AND-ed parts of a condition as the plan prints it. ruleutils.c puts every sub-expression into parentheses
 * (`((a > 1) AND (b = 2))`), so an AND one level below the outermost parentheses separates conjuncts and nothing
 * else does; this also holds for texts that no parser takes, such as `(hashed SubPlan 1)`.
 */
export function conjuncts(condition: string): readonly string[] {
  const body = unwrap(condition);
  const parts: string[] = [];
  let depth = 0;
  let cases = 0;
  let start = 0;
  for (const token of tokens(body)) {
    if (token.kind === 'open') depth += 1;
    else if (token.kind === 'close') depth -= 1;
    else if (token.kind === 'word' && depth === 0) {
      const word = body.slice(token.start, token.end);
      if (word === 'OR' && cases === 0) return [body];
      if (word === 'CASE') cases += 1;
      else if (word === 'END') cases -= 1;
      else if (word === 'AND' && cases === 0) {
        parts.push(body.slice(start, token.start).trim());
        start = token.end;
      }
    }
  }
  parts.push(body.slice(start).trim());
  return parts.length === 1 ? [unwrap(body)] : parts.flatMap((part) => conjuncts(part));
}

/** Without the parentheses around the whole, however many. */
export function unwrap(text: string): string {
  let body = text.trim();
  while (body.startsWith('(') && closesAtEnd(body)) body = body.slice(1, -1).trim();
  return body;
}

function closesAtEnd(text: string): boolean {
  let depth = 0;
  for (const token of tokens(text)) {
    if (token.kind === 'open') depth += 1;
    else if (token.kind === 'close') {
      depth -= 1;
      if (depth === 0) return token.end === text.length;
    }
  }
  return false;
}
