import type { RemoteSchema } from './remote-relation.ts';
import type { DatabaseCollation } from './database-collation.ts';

/** What plans and checks need to know of remotes, as it was when somebody looked. No data, no secret, no address. */
export interface Snapshot {
  /** Sorted by name. */
  readonly servers: readonly SnapshotServer[];
}

/** What stood behind a server. */
export interface SnapshotServer {
  /** The foreign server's local name. */
  readonly name: string;
  /** `server_version_num` of the remote. */
  readonly versionNum: number;
  readonly collation: DatabaseCollation;
  /** Versions of the extensions of its database, by name; sorted. */
  readonly extensions: ReadonlyMap<string, string>;
  /** Sorted by name. */
  readonly schemas: readonly SnapshotSchema[];
  /** How people read each type that is used, by `useKey`; distinct. */
  readonly typeTexts: ReadonlyMap<string, string>;
}

/** A schema that the remote has: of the relations that the spec imports everything, of the others their names. */
export interface SnapshotSchema {
  readonly remote: RemoteSchema;
  /** Whether default expressions were asked for. */
  readonly defaults: boolean;
  /** By relation; sorted by name. */
  readonly keys: ReadonlyMap<string, readonly RemoteKey[]>;
}

/** A primary key or unique constraint. */
export interface RemoteKey {
  readonly name: string;
  readonly kind: 'primary' | 'unique';
  /** In the order of the key. */
  readonly columns: readonly string[];
}
