import { compareQualified, nameKey, type QualifiedName } from './name.ts';
import type { DomainCheck } from './user-types.ts';

/** A type as a column uses it. */
export interface RemoteTypeUse {
  /** Of the type itself or, for an array, of its element. */
  readonly schema: string;
  readonly name: string;
  readonly array: boolean;
  /** `atttypmod`: -1 for none. */
  readonly typmod: number;
  /** The OID of a builtin type (below 10000: the same on every PostgreSQL), of the array itself for an array; else undefined. */
  readonly builtinOid: number | undefined;
  /** The extension that the type (or the element) belongs to on the remote. */
  readonly extension: string | undefined;
}

/** A string that is equal for equal uses only. */
export function useKey(use: RemoteTypeUse): string {
  return [use.builtinOid ?? '', use.schema, use.name, use.array, use.typmod].join('\0');
}

/** A type of the remote that is not built in. Of one that an extension brings, what it is made of is not asked. */
export type RemoteType = QualifiedName & {
  /** The extension it belongs to on the remote. */
  readonly extension: string | undefined;
} & RemoteTypeBody;

/** What a type is made of; other types by their use. */
export type RemoteTypeBody =
  | { readonly kind: 'base' }
  /** `labels` in sort order. */
  | { readonly kind: 'enum'; readonly labels: readonly string[] }
  | RemoteDomain
  | RemoteComposite
  | RemoteRange
  | { readonly kind: 'multirange'; readonly range: RemoteTypeUse };

export interface RemoteDomain {
  readonly kind: 'domain';
  readonly base: RemoteTypeUse;
  readonly collation: QualifiedName | undefined;
  readonly notNull: boolean;
  /** As it was printed when it was set: names that were on the search_path then are not qualified. */
  readonly default: string | undefined;
  readonly checks: readonly DomainCheck[];
  /** The names of checks whose expression the remote role may not see: only the domain's owner may. */
  readonly hiddenChecks: readonly string[];
}

export interface RemoteComposite {
  readonly kind: 'composite';
  /** Whether it is the row type of a table or view, which cannot be without it. */
  readonly rowType: boolean;
  /** In order. */
  readonly attributes: readonly { readonly name: string; readonly type: RemoteTypeUse; readonly collation: QualifiedName | undefined }[];
}

export interface RemoteRange {
  readonly kind: 'range';
  readonly subtype: RemoteTypeUse;
  /** undefined: the default one of the subtype. */
  readonly opclass: QualifiedName | undefined;
  readonly collation: QualifiedName | undefined;
  readonly canonical: RemoteFunction | undefined;
  readonly subdiff: RemoteFunction | undefined;
  readonly multirange: QualifiedName;
}

/** A function by the name that the remote prints; `builtin`: one of pg_catalog, under this very name. */
export interface RemoteFunction {
  readonly name: string;
  readonly builtin: boolean;
}

/** The uses of other types that a type is made of, with what they are to it, in words for messages. */
export function partsOf(type: RemoteType): readonly { readonly what: string; readonly part: RemoteTypeUse }[] {
  switch (type.kind) {
    case 'domain':
      return [{ what: 'what it is a domain over', part: type.base }];
    case 'composite':
      return type.attributes.map(({ name, type: part }) => ({ what: `its attribute ${name}`, part }));
    case 'range':
      return [{ what: 'its subtype', part: type.subtype }];
    case 'multirange':
      return [{ what: 'what it has ranges of', part: type.range }];
    case 'base':
    case 'enum':
      return [];
  }
}

/** The types among `types` (by `nameKey`) that columns use, and what these are made of. Sorted by schema and name. */
export function typesWithin(uses: readonly RemoteTypeUse[], types: ReadonlyMap<string, RemoteType>): readonly RemoteType[] {
  const used = new Set(uses.map(nameKey));
  for (const key of used) {
    const type = types.get(key);
    for (const { part } of type === undefined ? [] : partsOf(type)) used.add(nameKey(part));
  }
  return [...types].filter(([key]) => used.has(key)).map(([, type]) => type).sort(compareQualified);
}
