import type { RemoteSchema } from '../model/remote-relation.ts';
import type { SpecImportedSchema } from '../spec/types.ts';

/** An imported schema with what the remote has behind it. */
export interface Import {
  readonly schema: SpecImportedSchema;
  readonly remote: RemoteSchema;
}
