import type { FacetChange } from './facets.ts';
import type { Attribute, CompositeType, DomainCheck, DomainType, EnumType, RangeType } from './user-types.ts';

/** One difference in the labels of an enum. */
export type LabelChange =
  /** `after`: the label that it stands behind; undefined: before all. */
  | { readonly kind: 'add-label'; readonly label: string; readonly after: string | undefined }
  | { readonly kind: 'rename-label'; readonly before: string; readonly after: string };

/** One difference in a domain. */
export type DomainChange =
  | { readonly kind: 'set-not-null'; readonly notNull: boolean }
  | { readonly kind: 'set-default'; readonly before: string | undefined; readonly after: string | undefined }
  | { readonly kind: 'add-check'; readonly check: DomainCheck }
  | { readonly kind: 'drop-check'; readonly name: string }
  | { readonly kind: 'rename-check'; readonly before: string; readonly after: string };

/** One difference in a composite type. */
export type AttributeChange =
  | { readonly kind: 'add-attribute'; readonly attribute: Attribute }
  | { readonly kind: 'drop-attribute'; readonly name: string }
  /** Type and collation change together. */
  | { readonly kind: 'set-type'; readonly before: Attribute; readonly after: Attribute };

/** What is another in a type, and can be altered. Nothing of a range type can. */
export type TypeDifference =
  | { readonly kind: 'enum'; readonly after: EnumType; readonly changes: readonly LabelChange[] }
  | { readonly kind: 'domain'; readonly after: DomainType; readonly changes: readonly DomainChange[] }
  | { readonly kind: 'composite'; readonly after: CompositeType; readonly changes: readonly AttributeChange[] }
  | { readonly kind: 'range'; readonly after: RangeType; readonly changes: readonly never[] };

/** What ALTER, COMMENT, GRANT and REVOKE have to do to a type. */
export type TypeUpdate = { readonly action: 'update'; readonly facets: readonly FacetChange[] } & TypeDifference;
