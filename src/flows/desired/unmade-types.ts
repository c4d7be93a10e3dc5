import type { Problem } from '../../base/spec-error.ts';
import { partTexts } from '../../desired/types/spelled-type.ts';
import { nameKey, type QualifiedName } from '../../model/name.ts';
import { loadParser, type Parser } from '../../pushdown/parser.ts';
import { qualified } from '../../sql/quote.ts';
import type { SpecType } from '../../spec/types.ts';

/**
 * Why none of some types of the spec can be made: they are made of each other, which PostgreSQL has no types for (CheckAttributeType,
 * catalog/heap.c, 14 to 18), or of what is no type anywhere. What only waits for another of them goes without saying.
 * @param problems what the server says of each of their parts that is no type yet
 */
export async function unmade(specs: readonly SpecType[], problems: readonly Problem[]): Promise<readonly Problem[]> {
  const parser = await loadParser();
  const byName = new Map(specs.map((spec) => [nameKey(spec.name.value), spec]));
  const parts = new Map(specs.map((spec) => [spec, partTexts(spec).map(({ value, at }) => ({ at, of: byName.get(namedBy(value, parser) ?? '') }))]));
  const waiting = new Set([...parts.values()].flat().flatMap(({ at, of }) => (of === undefined ? [] : [at])));
  const circles = circlesOf(specs, (spec) => (parts.get(spec) ?? []).flatMap(({ of }) => of ?? []));
  const missing = problems.filter(({ at }) => at === undefined || !waiting.has(at));
  return [...circles.map(circleProblem), ...(circles.length + missing.length === 0 ? problems : missing)];
}

function circleProblem(circle: readonly SpecType[]): Problem {
  const [first] = circle;
  const names = [...circle, ...(first === undefined ? [] : [first])].map(({ name }) => qualified(name.value));
  const message = circle.length === 1 ? `the type ${names[0] ?? ''} is made of itself` : `these types are made of each other: ${names.join(' -> ')}`;
  return { message, at: first?.name.at, hint: 'PostgreSQL has no such types, nor through arrays, domains and ranges: take the part out of one, or keep it as text or jsonb' };
}

/** Each circle once, from where it is first met; of types that share a part with one that is found, none further. */
function circlesOf(specs: readonly SpecType[], partsOf: (spec: SpecType) => readonly SpecType[]): readonly (readonly SpecType[])[] {
  const done = new Set<SpecType>();
  const circles: (readonly SpecType[])[] = [];
  const visit = (spec: SpecType, path: readonly SpecType[]): void => {
    const start = path.indexOf(spec);
    if (start >= 0) circles.push(path.slice(start));
    if (start >= 0 || done.has(spec)) return;
    for (const part of new Set(partsOf(spec))) visit(part, [...path, spec]);
    done.add(spec);
  };
  for (const spec of specs) visit(spec, []);
  return circles;
}

/** The `nameKey` of the type that a text names, be it an array of it; undefined where it cannot be parsed. One without a schema is meant to be in `public`. */
function namedBy(text: string, parser: Parser): string | undefined {
  const node = parser.expression(`NULL::${text}`);
  const named = node !== undefined && 'TypeCast' in node ? (node.TypeCast.typeName?.names ?? []) : [];
  const parts = named.flatMap((part) => ('String' in part ? [part.String.sval ?? ''] : []));
  const [schema, name] = parts.length === 1 ? ['public', parts[0]] : parts;
  return schema === undefined || name === undefined ? undefined : nameKey({ schema, name } satisfies QualifiedName);
}
