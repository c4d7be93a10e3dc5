import type { Acl } from './acl.ts';
import type { QualifiedName } from './name.ts';
import type { NotNull } from './not-null.ts';
import type { MappingRole } from './role.ts';
import type { SecurityLabel } from './security-label.ts';
import type { Sequence } from './sequence.ts';

/** What it takes to make an object again as it was, after something below it made it go. The schema of a server is empty. */
export interface Rebuild extends QualifiedName {
  readonly kind: 'view' | 'materialized view' | 'foreign table' | 'server';
  /** Statements that make it again. Of a foreign table only triggers and extended statistics, which its model does not hold. */
  readonly statements: readonly string[];
  /** The same without what a change of types or names below may word otherwise: texts, conditions, expressions. */
  readonly shape: readonly string[];
  /** Of foreign tables and servers, which get it back as far as the spec does not say otherwise; the statements of views have it. */
  readonly acl: Acl | undefined;
  /** Of the identity columns of a foreign table. */
  readonly sequences: readonly Sequence[];
  /** Of a foreign table, by column. */
  readonly notNulls: readonly NotNull[];
  /** Columns that do not get their storage from a parent, which hands down its own. */
  readonly storages: readonly string[];
  /** Of foreign tables; the statements of views have theirs. */
  readonly labels: readonly SecurityLabel[];
  /** The roles as which its statements grant. */
  readonly grantors: readonly string[];
  /** Roles that default privileges would give something on a new one; the statements of views take it back. */
  readonly favoured: readonly MappingRole[];
  /** What gives its checks their comments again, where they come back. */
  readonly checkComments: readonly { readonly check: string; readonly statement: string }[];
  /** Whether making it reads from the remotes: a materialized view with data. */
  readonly filled: boolean;
  /** What would not come back as it is, in words; empty: all of it does. */
  readonly obstacles: readonly string[];
  /** The same of those columns of a foreign table that parents of it make again. */
  readonly columnObstacles: readonly string[];
  /** Those of the relations that were asked for that it stands on directly. */
  readonly uses: readonly QualifiedName[];
  /** All relations that its text names. */
  readonly reads: readonly QualifiedName[];
  /** The same as it is now, where the plan renames what its texts name before it is made again; undefined: it is this. */
  readonly asFound?: Rebuild | undefined;
}
