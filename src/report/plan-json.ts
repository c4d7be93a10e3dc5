import type { Problem } from '../base/spec-error.ts';
import { sensitive } from '../base/secret.ts';
import type { DatabaseIdentity, Plan, PlannedChange } from '../plan/types.ts';
import { render } from '../sql/statement.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';

/** The database a plan is for. */
function databaseJson(database: DatabaseIdentity): object {
  return {
    name: database.name,
    host: database.host,
    port: database.port,
    user: database.user,
    server_version_num: database.versionNum,
    chosen_by: database.chosenBy,
  };
}

function changeJson(change: PlannedChange): object {
  return {
    action: change.action,
    kind: change.kind,
    address: change.address,
    sql: change.statements.map((statement) => render(statement, () => sensitive)),
    hazards: change.hazards.map(({ id, message }) => ({ id, message })),
  };
}

/** A plan as JSON; see schema/plan.schema.json. In place of a secret stands `(sensitive)`, so the SQL does not run. */
export function planJson(plan: Plan, warnings: readonly Problem[]): object {
  const { create, update, replace, drop } = plan.summary;
  return {
    format_version: formatVersion,
    database: databaseJson(plan.database),
    changes: plan.changes.map(changeJson),
    summary: { create, update, replace, drop },
    notices: plan.notices.map(({ address, message }) => ({ address, message })),
    warnings: warnings.map(problemJson),
  };
}
