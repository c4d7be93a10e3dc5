/** Objects that have an owner, as `pg_describe_object` would start their descriptions. */
export type OwnedKind = 'extension' | 'foreign-data wrapper' | 'server' | 'schema' | 'type' | 'table' | 'foreign table';

/** Something with an owner. `schema` undefined for what is in none. */
export interface Owned {
  readonly kind: OwnedKind;
  readonly schema: string | undefined;
  readonly name: string;
}

/** A privilege that a change asks for, as PostgreSQL checks it. Met or not does not count for objects that do not exist yet. */
export type Requirement =
  | { readonly need: 'create-on-database' }
  | { readonly need: 'temporary' }
  /** USAGE on the language, for the block that sends secrets. */
  | { readonly need: 'plpgsql' }
  | { readonly need: 'create-in'; readonly schema: string }
  /** USAGE, to name what is in it. */
  | { readonly need: 'usage-in'; readonly schema: string }
  | { readonly need: 'usage-on-wrapper'; readonly wrapper: string }
  | { readonly need: 'usage-on-server'; readonly server: string }
  | { readonly need: 'ownership'; readonly of: Owned }
  /** Ownership; of what is in a schema, that of the schema is enough. */
  | { readonly need: 'drop'; readonly of: Owned }
  /** Ownership, or the privilege with grant option; on these columns, where there are any. */
  | { readonly need: 'grant'; readonly of: Owned; readonly privilege: string; readonly columns?: readonly string[] }
  /** Ownership of the server, or for one's own mapping USAGE on it. `role` undefined: PUBLIC's. */
  | { readonly need: 'map'; readonly server: string; readonly role: string | undefined }
  /** To be able to SET ROLE to a new owner. */
  | { readonly need: 'become'; readonly role: string }
  /** To be able to SET ROLE to who has granted something that comes back. */
  | { readonly need: 'grant-as'; readonly role: string }
  /** To be able to SET ROLE to who has granted something that goes. */
  | { readonly need: 'revoke-as'; readonly role: string }
  /** What a new owner needs. */
  | { readonly need: 'role-create-in'; readonly role: string; readonly schema: string }
  | { readonly need: 'role-usage-on-wrapper'; readonly role: string; readonly wrapper: string }
  | { readonly need: 'install'; readonly extension: string }
  | { readonly need: 'superuser'; readonly to: string };

/** A requirement, and the first change that asks for it. */
export interface PlacedRequirement {
  readonly address: string;
  readonly requirement: Requirement;
}
