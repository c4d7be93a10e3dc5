import type { SourceSpan } from '../../base/source.ts';
import type { Problem } from '../../base/spec-error.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { UserType } from '../../model/user-types.ts';
import type { Placed, SpecColumn, SpecType } from '../../spec/types.ts';
import { type DescribedType, noType } from '../spelled-table.ts';
import { ownCollation } from './build-type.ts';

/** A type that the spec defines, its parts in the server's words, its expressions as written. */
export interface SpelledType {
  readonly type: UserType;
  readonly at: SourceSpan;
  /** Parts that are no types here; those that the spec defines too may be not there yet. */
  readonly problems: readonly Problem[];
}

/** The texts of the types that it is made of. */
export function partTexts({ definition }: SpecType): readonly Placed<string>[] {
  switch (definition.kind) {
    case 'enum':
      return [];
    case 'domain':
      return [definition.base];
    case 'composite':
      return definition.attributes.map(({ type }) => type);
    case 'range':
      return [definition.subtype];
  }
}

/** @param describe what the server makes of a type that the user wrote */
export function spelledType(spec: SpecType, describe: (text: string) => DescribedType): SpelledType {
  const { name, owner, comment, grants } = spec;
  const problems = partTexts(spec).flatMap((text) => {
    const described = describe(text.value);
    return described.kind === 'none' ? [noType(text, described.why)] : [];
  });
  return { type: { ...name.value, owner, comment, grants, ...made(spec, describe) }, at: name.at, problems };
}

type Made<T = UserType> = T extends UserType ? Omit<T, 'schema' | 'name'> : never;

function made({ definition }: SpecType, describe: (text: string) => DescribedType): Made {
  /** A part in the server's words; the type's own collation goes without saying. */
  const part = ({ value }: Placed<string>, collation: SpecColumn['collation']): { readonly type: string; readonly collation: QualifiedName | undefined } => {
    const described = describe(value);
    const wanted = typeof collation?.value === 'string' ? { schema: 'pg_catalog', name: collation.value } : collation?.value;
    return described.kind === 'none' ? { type: value, collation: wanted } : { type: described.canonical, collation: ownCollation(wanted, described.collation) };
  };
  switch (definition.kind) {
    case 'enum':
      return definition;
    case 'domain': {
      const { type: base, collation } = part(definition.base, definition.collation);
      return { ...definition, base, collation };
    }
    case 'composite':
      return { kind: 'composite', attributes: definition.attributes.map(({ name, type, collation }) => ({ name, ...part(type, collation) })) };
    case 'range': {
      const { type: subtype, collation } = part(definition.subtype, definition.collation);
      return { ...definition, subtype, collation, canonical: undefined };
    }
  }
}
