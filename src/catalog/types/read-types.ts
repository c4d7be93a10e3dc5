import type { UserType } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';
import { readComposites } from './composites.ts';
import { readDomains } from './domains.ts';
import { readEnums } from './enums.ts';
import { readRanges } from './ranges.ts';

/**
 * The types that users have made: four queries. Types that extensions bring are among them.
 * @param schema of this schema only; undefined: of all but temporary ones
 */
export async function readTypes(session: Session, schema?: string): Promise<readonly UserType[]> {
  return [
    ...(await readEnums(session, schema)),
    ...(await readDomains(session, schema)),
    ...(await readComposites(session, schema)),
    ...(await readRanges(session, schema)),
  ];
}
