import { loadParser } from '../../pushdown/parser.ts';

/** Those of the expressions that go by the session: a setting, or who asks. As PostgreSQL's own parser reads them. */
export async function mentionsSession(expressions: readonly string[]): Promise<readonly string[]> {
  const parser = await loadParser();
  return expressions.filter((text) => {
    const tree = parser.expression(text);
    return tree !== undefined && namesSession(tree);
  });
}

function namesSession(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(namesSession);
  if (typeof node !== 'object' || node === null) return false;
  if ('SQLValueFunction' in node) return true;
  if ('funcname' in node && JSON.stringify(node.funcname).includes('"current_setting"')) return true;
  return Object.values(node).some(namesSession);
}
