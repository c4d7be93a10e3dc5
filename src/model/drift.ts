import type { DriftId } from './drift-rules.ts';
import type { QualifiedName } from './name.ts';

/** What drift does to whoever queries the foreign table, from worst to harmless. */
export const driftClasses = ['wrong-results', 'breaks-now', 'will-break', 'invisible'] as const;

export type DriftClass = (typeof driftClasses)[number];

/** One difference between a foreign table and what stands behind it. */
export interface DriftFinding {
  readonly id: DriftId;
  readonly class: DriftClass;
  readonly server: string;
  /** The foreign tables that it concerns, sorted; empty: all of the server. */
  readonly tables: readonly QualifiedName[];
  /** A column, label, constraint or type; undefined: the table as a whole. */
  readonly subject: string | undefined;
  readonly message: string;
  /** Whether it was told from circumstances: what has been renamed leaves no trace. */
  readonly guess: boolean;
  /** Statements that mend it here, in place; empty where there are none. */
  readonly mend: readonly string[];
}

/** Something that could not be looked at, and why: unknown is not clean. */
export interface DriftUnknown {
  readonly server: string;
  /** undefined: the whole server. */
  readonly table: QualifiedName | undefined;
  /** Of the error. */
  readonly id: string;
  readonly message: string;
  readonly todo: string | undefined;
}

/** What was compared on one server. */
export interface DriftServer {
  readonly name: string;
  /** How many foreign tables were compared; of an unknown server, how many there are. */
  readonly tables: number;
  /** The local role whose user mapping was used, and where it leads; undefined: the remote was not read. */
  readonly readAs: { readonly local: string; readonly remote: string } | undefined;
  /** `server_version_num` of the remote. */
  readonly versionNum: number | undefined;
  /** Tables of which rows were looked at, and how many rows in all; undefined: none were to be. */
  readonly sampled?: { readonly tables: number; readonly rows: number } | undefined;
}

/** Everything that was found. */
export interface DriftReport {
  /** The snapshot that the remotes were compared with; then tables are those of the remotes. undefined: foreign tables were. */
  readonly snapshot?: string | undefined;
  readonly servers: readonly DriftServer[];
  /** By server, table and subject; the worst first within a table. */
  readonly findings: readonly DriftFinding[];
  readonly unknown: readonly DriftUnknown[];
}
