import type { RenamedTable } from '../ddl/foreign-table.ts';
import { statementsFor } from '../ddl/statements.ts';
import { type Change, type Difference, objectOf, type Obstacle } from '../model/change.ts';
import type { Dependent } from '../model/dependent.ts';
import type { Families } from '../model/family.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey, sameName } from '../model/name.ts';
import type { Rebuild } from '../model/rebuild.ts';
import type { ActualState, DesiredState } from '../model/objects.ts';
import type { PlacedRequirement } from '../model/requirement.ts';
import { joinsOf, partsOf } from './joins.ts';
import { addressOf, kindOf, serverOf } from './address.ts';
import { detailsOf } from './details.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { type Around, aroundOf } from './around.ts';
import { renamesIn, underPresentNames } from './former-names.ts';
import { hazardsOf } from './hazards.ts';
import { leftAlone } from './left-alone.ts';
import { inOrder } from './order.ts';
import { requirementsOf } from './requirements.ts';
import { trialsOf } from './trials.ts';
import type { Action, DatabaseIdentity, Notice, Plan, PlannedChange, Summary } from './types.ts';

/**
 * Orders a difference, in which nothing is impossible, and puts it into SQL.
 *
 * @param dependents what stands on what the changes take away (`lossesOf`)
 * @param rebuilds how to make the views among it again, and what hangs on tables that are replaced
 * @param families of what the changes are about (`concernedBy`)
 */
export function makePlan(
  database: DatabaseIdentity,
  desired: DesiredState,
  actual: ActualState,
  difference: Difference,
  dependents: readonly Dependent[] = [],
  rebuilds: readonly Rebuild[] = [],
  families: Families = new Map(),
): Plan {
  const lost = new Set<string>();
  const renames: RenamedTable[] = [];
  const grantors: PlacedRequirement[] = [];
  const comesBack = difference.changes.some((change) => partsOf(change).some(({ returns }) => returns));
  let toCome = difference.changes.flatMap(renamesIn);
  const changes = inOrder(difference.changes).map((found) => {
    const change = underPresentNames(found, renames, toCome);
    toCome = toCome.filter(({ to }) => !renamesIn(found).some((one) => sameName(one.to, to)));
    const around = aroundOf(change, dependents, rebuilds, lost, renames);
    renames.push(...renamesIn(change));
    for (const view of around.lost) lost.add(nameKey(view));
    grantors.push(...around.grantors.map((role): PlacedRequirement => ({ address: addressOf(objectOf(change)), requirement: { need: 'grant-as', role } })));
    return plannedChange(change, around, families, comesBack && (partsOf(change).length > 0 || joinsOf(change).length > 0 || 'inheritAgain' in change));
  });
  return {
    database,
    changes,
    notices: difference.unknown.map(noticeOf),
    summary: summarise(changes),
    compared: {
      servers: desired.servers.length,
      userMappings: desired.userMappings.length,
      foreignTables: desired.foreignTables.length,
    },
    leftAlone: leftAlone(desired, actual),
    desired,
    trials: trialsOf(difference.changes, desired, actual),
    requirements: [...requirementsOf(difference.changes), ...grantors],
    fingerprints: fingerprintsOf(desired, actual),
  };
}

function plannedChange(change: Change, around: Around, families: Families, inseparable: boolean): PlannedChange {
  const object = objectOf(change);
  return {
    action: change.action,
    kind: kindOf(object),
    address: addressOf(object),
    server: serverOf(object),
    statements: [...around.before, ...statementsFor(change, (made) => around.again.get(identityOf(made))), ...around.after],
    hazards: [...hazardsOf(change, families), ...around.hazards],
    details: detailsOf(change),
    ...(inseparable ? { inseparable } : {}),
    ...(around.rebuilt.length === 0 ? {} : { rebuilt: around.rebuilt }),
    ...(change.action === 'replace' && change.kind === 'server' ? { covers: change.gone.map(addressOf) } : {}),
  };
}

function noticeOf(obstacle: Obstacle): Notice {
  return { address: addressOf(obstacle.object), message: obstacle.message };
}

/** How many changes there are of each action. */
export function summarise(changes: readonly { readonly action: Action }[]): Summary {
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  return { create: count('create'), update: count('update'), replace: count('replace'), drop: count('drop') };
}
