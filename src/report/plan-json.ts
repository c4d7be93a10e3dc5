import type { Problem } from '../base/spec-error.ts';
import { sensitive } from '../base/secret.ts';
import { hazardKinds } from '../model/hazards.ts';
import { consentNeeded } from '../model/consent.ts';
import type { DatabaseIdentity, Plan, PlannedChange } from '../plan/types.ts';
import { render } from '../sql/statement.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';

/** The database a plan is for. */
export function databaseJson(database: DatabaseIdentity): object {
  return {
    name: database.name,
    host: database.host,
    port: database.port,
    user: database.user,
    server_version_num: database.versionNum,
    chosen_by: database.chosenBy,
    through_pooler: database.pooled ?? false,
  };
}

function changeJson(change: PlannedChange): object {
  return {
    action: change.action,
    kind: change.kind,
    address: change.address,
    sql: change.statements.map((statement) => render(statement, () => sensitive)),
    hazards: change.hazards.map(({ id, message }) => ({ id, weight: hazardKinds[id].weight, message })),
  };
}

/** A plan as JSON; see schema/plan.schema.json. In place of a secret stands `(sensitive)`, so the SQL does not run. */
export function planJson(plan: Plan, warnings: readonly Problem[]): object {
  const { create, update, replace, drop } = plan.summary;
  const { servers, userMappings, foreignTables } = plan.leftAlone;
  return {
    format_version: formatVersion,
    database: databaseJson(plan.database),
    changes: plan.changes.map(changeJson),
    summary: { create, update, replace, drop },
    allow: consentNeeded(plan),
    left_alone: { servers, user_mappings: userMappings, foreign_tables: foreignTables },
    notices: plan.notices.map(({ address, message }) => ({ address, message })),
    warnings: warnings.map(problemJson),
  };
}
