import type { RuleId } from '../model/rules.ts';
import type { Clause } from '../pushdown/types.ts';

/** What a reader is told of why a clause is where it is. */
export interface Said {
  readonly id: RuleId;
  readonly message: string;
}

const unknown: readonly Said[] = [{ id: 'runs-here', message: 'PostgreSQL keeps it here, and nothing that fdw knows explains why' }];

/** A clause's reasons; that none is known, where it cannot be sent and none was found. */
export function saidOf({ reasons, cause }: Pick<Clause, 'reasons' | 'cause'>): readonly Said[] {
  return reasons.length === 0 && cause === 'blocked' ? unknown : reasons;
}
