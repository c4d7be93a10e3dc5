import { nameKey } from '../model/name.ts';
import type { RemoteType } from '../model/remote-type.ts';
import type { StandingType } from '../model/standing.ts';
import type { FoundType } from './types/find-types.ts';

/** The definitions of types that are not built in, by `nameKey`, as far as values of them depend on these. */
export function standingTypes(found: ReadonlyMap<number, FoundType>): ReadonlyMap<string, StandingType> {
  const own = [...found.values()].filter(({ builtinOid }) => builtinOid === undefined).map(({ type }) => type);
  return new Map(own.map((type) => [nameKey(type), standingType(type)]));
}

/** Of a type that an extension brings, what it is made of is not asked. */
function standingType(type: RemoteType): StandingType {
  const { schema, name, kind, extension } = type;
  return {
    schema,
    name,
    kind,
    extension,
    labels: type.kind === 'enum' ? type.labels : [],
    domain: type.kind === 'domain' && extension === undefined ? { base: type.base, notNull: type.notNull, checks: type.checks.length + type.hiddenChecks.length } : undefined,
    attributes: type.kind === 'composite' ? type.attributes.map((attribute) => ({ name: attribute.name, type: attribute.type })) : [],
  };
}
