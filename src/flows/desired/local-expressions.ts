import { mappedName, type TypeChoices } from '../../desired/types/local-types.ts';
import type { Import } from '../../desired/import.ts';
import { nameKey, type QualifiedName } from '../../model/name.ts';
import { loadParser, type Parser } from '../../pushdown/parser.ts';

/** An expression of the remote with the types that it names under their local names. */
export type LocalExpression = (text: string) => string;

/**
 * The remote prints `'paid'::public.order_status`, and here that type is `shop.order_status`: what is parsed as the name of
 * a type that has another one here is renamed, by PostgreSQL's own parser. It is loaded only where a text may need it.
 *
 * @param texts all that will be asked for
 */
export async function localExpressions({ schema, remote }: Import, chosen: TypeChoices, texts: readonly string[]): Promise<LocalExpression> {
  const moved = remote.types.filter((type) => chosen.get(nameKey(type)) === 'mapped' && nameKey(mappedName(schema, type)) !== nameKey(type));
  const names = new Map(moved.map((type) => [nameKey(type), mappedName(schema, type)]));
  // In quotes a name is printed with its quotes doubled.
  const printed = moved.map(({ name }) => name.replaceAll('"', '""'));
  const mayName = (text: string): boolean => printed.some((name) => text.includes(name));
  if (!texts.some(mayName)) return (text) => text;
  const parser = await loadParser();
  return (text) => (mayName(text) ? renamed(text, names, parser) : text);
}

/** As it is where it cannot be parsed: the server then says what it thinks of it. */
function renamed(text: string, names: ReadonlyMap<string, QualifiedName>, parser: Parser): string {
  const node = parser.expression(text);
  return node === undefined ? text : parser.text(withNames(node, names));
}

/** A copy of a tree in which each TypeName (`names`, parsenodes.h) that is among `names` is another one. */
function withNames<T>(tree: T, names: ReadonlyMap<string, QualifiedName>): T {
  const copy = structuredClone(tree);
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const parts: unknown = Reflect.get(value, 'names');
    const [schema, name] = Array.isArray(parts) && parts.length === 2 ? parts.map(stringOf) : [];
    const local = schema === undefined || name === undefined ? undefined : names.get(nameKey({ schema, name }));
    if (local !== undefined) Reflect.set(value, 'names', [local.schema, local.name].map((sval) => ({ String: { sval } })));
    Object.values(value).forEach(visit);
  };
  visit(copy);
  return copy;
}

function stringOf(node: unknown): string | undefined {
  const value: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'String') : undefined;
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'sval') : undefined;
  return typeof text === 'string' ? text : undefined;
}
