import type { QualifiedName } from '../model/name.ts';
import { qualified } from '../sql/quote.ts';
import type { Hazard } from './types.ts';

/** @param more what else there is to say of the table, behind a comma */
export function accessExclusive(table: QualifiedName, more = ''): Hazard {
  return { id: 'lock-taken', message: `ACCESS EXCLUSIVE on ${qualified(table)}${more} until the transaction ends: queries on it wait.` };
}
