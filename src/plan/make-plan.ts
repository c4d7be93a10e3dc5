import type { Change, Difference, Obstacle } from '../model/change.ts';
import { UserError } from '../base/user-error.ts';
import type { DatabaseState, FdwObject } from '../model/objects.ts';
import { statementsFor } from '../ddl/statements.ts';
import { addressOf, kindOf, serverOf } from './address.ts';
import { detailsOf } from './details.ts';
import { fingerprintOf } from './fingerprint.ts';
import { hazardsOf } from './hazards.ts';
import type { Action, DatabaseIdentity, Notice, ObjectKind, Plan, PlannedChange, Summary } from './types.ts';

/**
 * Orders a difference and puts it into SQL.
 *
 * @throws UserError `plan-impossible` where a change can be made by no statement that keeps what is there
 */
export function makePlan(
  database: DatabaseIdentity,
  desired: DatabaseState,
  actual: DatabaseState,
  difference: Difference,
): Plan {
  if (difference.impossible.length > 0) throw impossible(difference.impossible);
  const changes = difference.changes
    .map((change): PlannedChange => {
      const object = objectOf(change);
      return {
        action: change.action,
        kind: kindOf(object),
        address: addressOf(object),
        server: serverOf(object),
        statements: statementsFor(change),
        hazards: hazardsOf(change),
        details: detailsOf(change),
      };
    })
    .sort((a, b) => order[a.kind] - order[b.kind]);
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
    desired,
    fingerprint: fingerprintOf(desired, actual),
  };
}

/** What must exist before what. Sorting is stable: within a kind, the order of the desired objects stays. */
const order: Record<ObjectKind, number> = {
  schema: 0,
  extension: 1,
  server: 2,
  'user-mapping': 3,
  type: 4,
  'foreign-table': 5,
};

function objectOf(change: Change): FdwObject {
  return change.action === 'create' ? change.object : change.after;
}

function noticeOf(obstacle: Obstacle): Notice {
  return { address: addressOf(obstacle.object), message: obstacle.message };
}

/** How many changes there are of each action. */
export function summarise(changes: readonly { readonly action: Action }[]): Summary {
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  return { create: count('create'), update: count('update'), replace: count('replace'), drop: count('drop') };
}

function impossible(obstacles: Difference['impossible']): UserError {
  const [first] = obstacles;
  return new UserError('plan-impossible', 'The spec asks for changes that PostgreSQL has no statement for.', {
    why: obstacles.map(({ object, message }) => `${addressOf(object)}: ${message}.`).join('\n'),
    todo: first?.todo,
  });
}
