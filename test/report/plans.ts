import type { Surface } from '../../src/report/style.ts';
import { styleOf } from '../../src/report/style.ts';
import type { Plan, PlannedChange, Summary } from '../../src/plan/types.ts';
import { statement } from '../../src/sql/statement.ts';
import type { Statement } from '../../src/sql/statement.ts';

/** Eighty columns without colours. */
export const plain: Surface = { style: styleOf(false), width: 80 };

const nothing = { extensions: [], wrappers: [], servers: [], userMappings: [], schemas: [], types: [], foreignTables: [] };

function summaryOf(changes: readonly PlannedChange[]): Summary {
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  return { create: count('create'), update: count('update'), replace: count('replace'), drop: count('drop') };
}

/** A plan of these changes, for the local database `app`. */
export function planOf(changes: readonly PlannedChange[], more: Partial<Plan> = {}): Plan {
  return {
    database: { name: 'app', host: 'db-1', port: 5432, user: 'deploy', versionNum: 180_004, chosenBy: 'FDW_DATABASE_URL' },
    changes,
    notices: [],
    summary: summaryOf(changes),
    compared: { servers: 1, userMappings: 1, foreignTables: 2 },
    leftAlone: { servers: 0, userMappings: 0, foreignTables: 0 },
    desired: nothing,
    trials: [],
    requirements: [],
    fingerprints: {},
    ...more,
  };
}

/** A change with hazards and details left out. */
export function change(parts: Pick<PlannedChange, 'action' | 'kind' | 'address' | 'server'> & Partial<PlannedChange>): PlannedChange {
  return { statements: [], hazards: [], details: [], ...parts };
}

/** A statement with a secret from the environment variable `name` in it. */
export function withSecret(before: string, variable: string, name: string, after: string): Statement {
  return { parts: [before, { reference: { source: 'env', name }, variable }, after] };
}

/** One change of every action, with everything that a change can show. */
export const everyAction = planOf(
  [
    change({ action: 'create', kind: 'schema', address: 'schema shop', server: undefined, statements: [statement('CREATE SCHEMA shop')] }),
    change({
      action: 'update',
      kind: 'server',
      address: 'server shop',
      server: 'shop',
      statements: [statement("ALTER SERVER shop OPTIONS (SET host 'shop-2', DROP fetch_size)")],
      details: ["option host: 'shop-1' -> 'shop-2'", 'option fetch_size: removed'],
      hazards: [{ id: 'type-changed', message: 'Sessions that are connected to the old host go on talking to it until they end or call postgres_fdw_disconnect.' }],
    }),
    change({
      action: 'create',
      kind: 'user-mapping',
      address: 'user mapping for PUBLIC on server shop',
      server: 'shop',
      statements: [withSecret('CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS (password ', 'shop_public_password', 'SHOP_PASSWORD', ", \"user\" 'shop_ro')")],
    }),
    change({
      action: 'replace',
      kind: 'foreign-table',
      address: 'foreign table shop.orders',
      server: 'shop',
      statements: [statement('DROP FOREIGN TABLE shop.orders'), statement('CREATE FOREIGN TABLE shop.orders (\n  id bigint NOT NULL\n) SERVER shop')],
      hazards: [{ id: 'table-replaced', message: 'It is dropped and created again.' }],
    }),
    change({ action: 'drop', kind: 'foreign-table', address: 'foreign table shop.old', server: 'shop', statements: [statement('DROP FOREIGN TABLE shop.old')] }),
  ],
  {
    notices: [{ address: 'user mapping for etl on server shop', message: 'its options are hidden from deploy' }],
    leftAlone: { servers: 3, userMappings: 0, foreignTables: 1 },
  },
);

/** Names and values that would rewrite a terminal, end a comment or become psql variables. */
export const hostile = planOf([
  change({
    action: 'create',
    kind: 'server',
    address: 'server evil\n\u001B[2Kname\u202E',
    server: 'evil\n\u001B[2Kname\u202E',
    statements: [statement("CREATE SERVER \"evil\n\u001B[2Kname\" OPTIONS (host ':name \\echo `id`', x E'\\'\\\\', y '\n\\! id\n')")],
    hazards: [{ id: 'dependents', message: 'two\nlines' }],
  }),
  change({
    action: 'create',
    kind: 'foreign-table',
    address: 'foreign table t',
    server: undefined,
    statements: [statement('CREATE FOREIGN TABLE t (a int[], b int[] GENERATED ALWAYS AS (a[1:"HOST"]) STORED, c text DEFAULT \'x\'::text) SERVER s')],
  }),
]);
