import type { clauseKinds } from '../../model/verdict.ts';
import type { Flow } from '../plan/flow.ts';

/** A clause as found in the plan, before it is known why it is where it is. */
export interface Finding {
  readonly kind: (typeof clauseKinds)[number];
  readonly runs: 'remote' | 'local';
  readonly text: string;
  /** The text as the plan prints it, where `text` names the partitioned table instead of one partition. */
  readonly printed?: string;
  /** The plan node that does the work, or the Foreign Scan whose Remote SQL does. */
  readonly at: Flow;
}
