import type { Facets } from './facets.ts';
import type { QualifiedName } from './name.ts';

/*
 * Types that columns of foreign tables have and that are not built in. Texts of types are as `format_type` prints
 * them, texts of expressions as `pg_get_expr` does, both with `search_path = pg_catalog`.
 */

/** An enum. */
export interface EnumType extends QualifiedName, Facets {
  readonly kind: 'enum';
  /** In sort order. */
  readonly labels: readonly string[];
}

/** A domain. NOT VALID is not told apart: no row here was ever checked by it. */
export interface DomainType extends QualifiedName, Facets {
  readonly kind: 'domain';
  /** The type below, with its modifier: `character varying(12)`. */
  readonly base: string;
  /** undefined: that of the type below. */
  readonly collation: QualifiedName | undefined;
  readonly notNull: boolean;
  readonly default: string | undefined;
  /** By name; undefined: not to be seen, so not compared (desired only). */
  readonly checks: readonly DomainCheck[] | undefined;
}

export interface DomainCheck {
  readonly name: string;
  /** The expression, without `CHECK (…)` around it. */
  readonly expression: string;
}

/** A composite type that stands for itself: no table's row type. */
export interface CompositeType extends QualifiedName, Facets {
  readonly kind: 'composite';
  /** In order, which its values in text form follow. */
  readonly attributes: readonly Attribute[];
}

export interface Attribute {
  readonly name: string;
  readonly type: string;
  /** undefined: the type's own. */
  readonly collation: QualifiedName | undefined;
}

/** A range type, with its multirange. */
export interface RangeType extends QualifiedName, Facets {
  readonly kind: 'range';
  readonly subtype: string;
  /** undefined: the default one of the subtype. */
  readonly opclass: QualifiedName | undefined;
  /** undefined: the subtype's own. */
  readonly collation: QualifiedName | undefined;
  /** undefined: none. */
  readonly canonical: QualifiedName | undefined;
  /** undefined: none (actual), not managed (desired): it only helps to estimate. */
  readonly subdiff: QualifiedName | undefined;
  /** undefined: as PostgreSQL calls it (desired). */
  readonly multirange: QualifiedName | undefined;
}

/** A type of any kind; no two have the same schema and name. */
export type UserType = EnumType | DomainType | CompositeType | RangeType;

const kinds: ReadonlySet<string> = new Set<UserType['kind']>(['enum', 'domain', 'composite', 'range']);

/** Whether an object is a type. */
export function isType<T extends { readonly kind: string }>(object: T): object is Extract<T, UserType> {
  return kinds.has(object.kind);
}

/** The types that a type is made of, as texts. */
export function typeParts(type: UserType): readonly string[] {
  switch (type.kind) {
    case 'enum':
      return [];
    case 'domain':
      return [type.base];
    case 'composite':
      return type.attributes.map((attribute) => attribute.type);
    case 'range':
      return [type.subtype];
  }
}
