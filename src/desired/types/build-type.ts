import { nameKey, type QualifiedName } from '../../model/name.ts';
import { partsOf, type RemoteFunction, type RemoteType, type RemoteTypeUse } from '../../model/remote-type.ts';
import type { UserType } from '../../model/user-types.ts';
import type { TypeNames } from './local-types.ts';

/**
 * A remote type as a local one. Its expressions are still in the remote's words.
 *
 * @param rename where types of the remote have their place here
 * @returns undefined where it cannot be made here: see `whyUnmade`; or a part of it has no name yet
 */
export function buildType(type: RemoteType, rename: (name: QualifiedName) => QualifiedName, names: TypeNames): UserType | undefined {
  const { schema, name } = rename(type);
  switch (type.kind) {
    case 'enum':
      return { kind: 'enum', schema, name, labels: type.labels };
    case 'domain': {
      const base = names(type.base);
      if (base === undefined) return undefined;
      const collation = ownCollation(type.collation, base.collation);
      return { kind: 'domain', schema, name, base: base.canonical, collation, notNull: type.notNull, default: type.default, checks: type.hiddenChecks.length > 0 ? undefined : type.checks };
    }
    case 'composite': {
      const attributes = type.attributes.flatMap((attribute) => {
        const local = names(attribute.type);
        return local === undefined ? [] : [{ name: attribute.name, type: local.canonical, collation: ownCollation(attribute.collation, local.collation) }];
      });
      return type.rowType || attributes.length < type.attributes.length ? undefined : { kind: 'composite', schema, name, attributes };
    }
    case 'range': {
      const subtype = names(type.subtype);
      if (subtype === undefined || type.canonical?.builtin === false) return undefined;
      return {
        kind: 'range',
        schema,
        name,
        subtype: subtype.canonical,
        opclass: type.opclass,
        collation: ownCollation(type.collation, subtype.collation),
        canonical: builtin(type.canonical),
        subdiff: builtin(type.subdiff),
        multirange: rename(type.multirange),
      };
    }
    case 'base':
    case 'multirange':
      return undefined;
  }
}

/** The type's own collation goes without saying, and so does the default: here that is the local database's. */
export function ownCollation(collation: QualifiedName | undefined, ofType: QualifiedName | undefined): QualifiedName | undefined {
  const implied = collation === undefined || nameKey(collation) === (ofType && nameKey(ofType)) || nameKey(collation) === defaultCollation;
  return implied ? undefined : collation;
}

const defaultCollation = nameKey({ schema: 'pg_catalog', name: 'default' });

function builtin(of: RemoteFunction | undefined): QualifiedName | undefined {
  return of?.builtin === true ? { schema: 'pg_catalog', name: of.name } : undefined;
}

/** Why a type cannot be made here, in words; undefined where nothing is known of it. */
export function whyUnmade(use: RemoteTypeUse, types: ReadonlyMap<string, RemoteType>, names: TypeNames, within: readonly string[] = []): string | undefined {
  const key = nameKey(use);
  const type = types.get(key);
  if (type === undefined || within.includes(key)) return type && 'it is made of itself';
  if (type.extension !== undefined) return `it belongs to extension ${type.extension}`;
  if (type.kind === 'base') return 'it is a base type, made by functions in C';
  if (type.kind === 'composite' && type.rowType) return 'it is the row type of a table there, which comes and goes with that table';
  if (type.kind === 'range' && type.canonical?.builtin === false) return `its canonical function ${type.canonical.name} is none of PostgreSQL's own`;
  for (const { what, part } of partsOf(type)) {
    if (names(part) !== undefined) continue;
    const why = whyUnmade(part, types, names, [...within, key]);
    return `${what} has the type ${part.schema}.${part.name}${part.array ? '[]' : ''}, which cannot be made here either${why === undefined ? '' : `: ${why}`}`;
  }
  return undefined;
}
