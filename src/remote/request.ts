import type { RelationSelection, RemoteSchema } from '../model/remote-relation.ts';

export interface SchemaRequest {
  /** The schema's name on the remote. */
  readonly name: string;
  readonly selection: RelationSelection;
  /**
   * Whether default expressions are wanted. They cost a query on `information_schema.columns`, which is slow on
   * large schemas.
   */
  readonly defaults: boolean;
}

/** Who may do the reading when the connected role cannot, and what is to be read. */
export interface RemoteRequest {
  /** The foreign server's local name. */
  readonly server: string;
  /** Read as this very role and no other; undefined: choose. */
  readonly role?: string | undefined;
  /** Roles to read as, in this order, where the connected role has no user mapping; those of the spec's mappings, say. */
  readonly candidates?: readonly string[] | undefined;
  readonly schemas: readonly SchemaRequest[];
  /** Whether it is wanted what of it the remote role may not read. */
  readonly unreadable?: boolean | undefined;
}

/** What stands behind one server. */
export interface RemoteServer {
  readonly server: string;
  /** The local role whose user mapping (or PUBLIC's) was used. */
  readonly reader: string;
  /** One for each `SchemaRequest`, in that order. */
  readonly schemas: readonly RemoteSchema[];
  /** For each of them why its relations cannot be read, by name; undefined: not asked. */
  readonly unreadable?: readonly ReadonlyMap<string, string>[];
}
