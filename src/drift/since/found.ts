import type { DriftClass, DriftFinding } from '../../model/drift.ts';
import type { DriftId } from '../../model/drift-rules.ts';

/** What a finding is, but for where. */
export interface Found extends Pick<DriftFinding, 'id' | 'class' | 'subject' | 'message'> {
  /** Whether it was told from circumstances; undefined: no. */
  readonly guess?: boolean;
}

export const found = (id: DriftId, word: DriftClass, subject: string | undefined, message: string): Found => ({ id, class: word, subject, message });
