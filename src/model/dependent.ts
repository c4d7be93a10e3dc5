import { identityOf } from './identity.ts';
import type { QualifiedName } from './name.ts';
import type { ObjectName } from './objects.ts';

/** An object that is to go, or a column (of a foreign table, an attribute of a composite type) that is to go or to change its type. */
export interface Loss {
  readonly object: ObjectName;
  /** undefined: the whole object. */
  readonly column: string | undefined;
  /** `gone` for good, or `back` in another form: what stands on it can then be made again. */
  readonly fate: 'gone' | 'back';
}

/** A string that is equal for equal losses only. */
export function lossKey({ object, column }: Loss): string {
  return `${identityOf(object)}\0${column ?? ''}`;
}

/** Something that stands on a loss, directly or through others, so that PostgreSQL will refuse it without CASCADE. */
export interface Dependent {
  readonly loss: Loss;
  /** As PostgreSQL describes it: `view reporting.large`. */
  readonly description: string;
  /** Where it is a view or a materialized view. */
  readonly view: QualifiedName | undefined;
}
