import type { RemoteSchema } from '../model/remote-relation.ts';
import type { SpecImportedSchema } from '../spec/types.ts';

/** An imported schema with what the remote has behind it. */
export interface Import {
  readonly schema: SpecImportedSchema;
  readonly remote: RemoteSchema;
  /** Who reads it and what the remote does not let them read, and why, by name; undefined: no remote was asked. */
  readonly unreadable?: { readonly reader: string; readonly why: ReadonlyMap<string, string> };
}
