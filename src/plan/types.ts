import type { HazardId } from '../model/hazards.ts';
import type { QualifiedName } from '../model/name.ts';
import type { Rebuild } from '../model/rebuild.ts';
import type { DesiredState } from '../model/objects.ts';
import type { PlacedRequirement } from '../model/requirement.ts';
import type { Trial } from '../model/trial.ts';
import type { Fingerprints } from './fingerprints.ts';
import type { Statement } from '../sql/statement.ts';

/** What a change does to its object; `replace` is a drop and a create because SQL has no ALTER for it. */
export type Action = 'create' | 'update' | 'replace' | 'drop';

export type ObjectKind = 'extension' | 'wrapper' | 'server' | 'user-mapping' | 'schema' | 'type' | 'partitioned-table' | 'foreign-table';

/** Something that a change may hurt. */
export interface Hazard {
  readonly id: HazardId;
  readonly message: string;
}

/** A relation or server that is dropped and made again, in two short hashes. */
export interface Rebuilt extends QualifiedName {
  readonly kind: Rebuild['kind'];
  /** Of what it takes to make it, as the plan found it. */
  readonly was: string;
  /** Of what of it has to be the same afterwards, whatever changes below it; undefined: it has another name then. */
  readonly shape: string | undefined;
  /** The same of its NOT NULL constraints; undefined: the plan itself changes them, or it has none to have names. */
  readonly notNulls?: string | undefined;
}

/** One change of a plan, in the words that every format shows. */
export interface PlannedChange {
  readonly action: Action;
  readonly kind: ObjectKind;
  /** Unique in a plan and readable: `server shop`, `user mapping for public on server shop`, `foreign table shop.orders`. */
  readonly address: string;
  /** The server that it belongs to, for grouping; undefined for extensions, wrappers, schemas and types. */
  readonly server: string | undefined;
  /** In order; they run after those of every earlier change. */
  readonly statements: readonly Statement[];
  readonly hazards: readonly Hazard[];
  /** What differs, a line each, without secrets: `option fetch_size: '100' -> '500'`. */
  readonly details: readonly string[];
  /** What is dropped and made again with it: itself, views that stand on it; undefined: nothing. */
  readonly rebuilt?: readonly Rebuilt[];
  /** Whether it takes a table out of a parent that it comes back to, or brings one back: never divided from the other changes that do. */
  readonly inseparable?: true;
  /** Addresses of what is dropped and created along, where it is a server that is replaced. */
  readonly covers?: readonly string[];
}

/** What could not be compared, and why: unknown is not absent. */
export interface Notice {
  readonly address: string;
  readonly message: string;
}

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly drop: number;
}

/** How many objects of a database the spec does not name, by kind. */
export interface LeftAlone {
  readonly servers: number;
  readonly userMappings: number;
  readonly foreignTables: number;
}

/** The local database a plan was made for, without a password. */
export interface DatabaseIdentity {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly versionNum: number;
  /** Whether a pooler stands before it. */
  readonly pooled?: boolean;
  /** Which setting chose it: `--database`, `FDW_DATABASE_URL`, `the spec`, `DATABASE_URL`, `PG* variables`. */
  readonly chosenBy: string;
}

/** An ordered plan: what to run, and what it was computed from. */
export interface Plan {
  readonly database: DatabaseIdentity;
  readonly changes: readonly PlannedChange[];
  readonly notices: readonly Notice[];
  readonly summary: Summary;
  /** How many objects were compared, by kind, for the "No changes" line. */
  readonly compared: { readonly servers: number; readonly userMappings: number; readonly foreignTables: number };
  /** What the spec does not name, and no plan touches. */
  readonly leftAlone: LeftAlone;
  /** What the database should be after it; the check inside the transaction compares against this. */
  readonly desired: DesiredState;
  /** The user mappings that it may break. */
  readonly trials: readonly Trial[];
  /** The privileges that its changes ask for. */
  readonly requirements: readonly PlacedRequirement[];
  /** What the plan was computed from: the objects named by `desired` as they were. */
  readonly fingerprints: Fingerprints;
}
