import { column, columnKeys } from './column-shapes.ts';
import { absent, columnGrants, comment, owner, prune, roles, tableGrants } from './facet-shapes.ts';
import { forEach } from './each-shape.ts';
import { plainOptions } from './option-shapes.ts';
import { parentKeys } from './parent-shapes.ts';
import type { ChoiceShape, ListShape, MapShape, ObjectShape, TextShape } from './shape.ts';

function names(description: string): ListShape {
  return { kind: 'list', of: { kind: 'text', description: 'A name on the remote.' }, description, examples: [['orders', 'customers']] };
}

const selection: ChoiceShape = {
  kind: 'choice',
  scalar: { kind: 'word', words: ['all'], description: 'All tables and views of the remote schema.' },
  list: names('The tables to import. A name that the remote lacks is an error.'),
  map: {
    kind: 'object',
    noun: 'a selection of tables',
    one: true,
    keys: { except: names('All but these.') },
    description: 'All tables but some.',
    examples: [{ except: ['audit_log'] }],
  },
  default: 'all',
  description: 'Which tables to import: a list, `all`, or `{except: […]}`.',
  examples: ['all', ['orders', 'customers'], { except: ['audit_log'] }],
};

const importOptions: ObjectShape = {
  kind: 'object',
  noun: '`import`',
  keys: {
    collate: { kind: 'boolean', default: true, description: 'Take over COLLATE of the columns (import_collate).', examples: [true] },
    default: { kind: 'boolean', default: false, description: 'Take over DEFAULT expressions (import_default).', examples: [false] },
    generated: { kind: 'boolean', default: true, description: 'Take over generated columns (import_generated).', examples: [true] },
    not_null: { kind: 'boolean', default: true, description: 'Take over NOT NULL (import_not_null).', examples: [true] },
  },
  description: "The options of IMPORT FOREIGN SCHEMA by their own names, with PostgreSQL's defaults.",
  examples: [{ collate: true, default: false, generated: true, not_null: true }],
};

const checkKeys: ObjectShape['keys'] = {
  check: { kind: 'string', description: 'The condition, as in SQL.', examples: ['amount >= 0'] },
  no_inherit: { kind: 'boolean', default: false, description: 'NO INHERIT: not for children of the table.', examples: [true] },
  not_valid: { kind: 'boolean', default: false, description: 'NOT VALID.', examples: [true] },
  not_enforced: { kind: 'boolean', default: false, description: 'NOT ENFORCED (PostgreSQL 18 and later).', examples: [true] },
};

export const checks: MapShape = {
  kind: 'map',
  of: {
    kind: 'choice',
    scalar: { kind: 'string', description: 'The condition, as in SQL.', examples: ['amount >= 0'] },
    map: { kind: 'object', noun: 'a check', required: ['check'], keys: checkKeys, description: 'The long form.', examples: [{ check: 'amount >= 0', no_inherit: true }] },
    description: 'A condition, as in SQL, or the long form.',
    examples: ['amount >= 0'],
  },
  description: 'CHECK constraints by name, complete: others are dropped. PostgreSQL trusts them and does not check. Left out: not managed.',
  examples: [{ amount_positive: 'amount >= 0' }],
};

const renamedFrom: TextShape = { kind: 'text', description: 'Its former name here, with its schema where that was another: a table that has it still is renamed.', examples: ['orders_old', 'old.orders'] };

/** What an imported table may have that the remote cannot say. */
const override: ObjectShape = {
  kind: 'object',
  noun: 'an override',
  keys: {
    renamed_from: renamedFrom,
    options: plainOptions('Further options of the foreign table, or other ones than the import gives it.', [{ use_remote_estimate: true }]),
    owner,
    comment,
    grants: tableGrants,
    column_grants: columnGrants,
    columns: {
      kind: 'map',
      of: {
        kind: 'object',
        noun: 'a column',
        keys: { type: { kind: 'string', description: 'Another type than that of the remote, as in SQL.', examples: ['text'] }, ...columnKeys },
        description: 'What the column has beyond what the remote says.',
        examples: [{ statistics: 500 }],
      },
      description: 'Columns by their names. One that the remote lacks is an error.',
      examples: [{ note: { statistics: 500 } }],
    },
    checks,
    ...parentKeys,
  },
  description: 'What is laid over the definition that the import gives.',
  examples: [{ options: { use_remote_estimate: true }, columns: { note: { statistics: 500 } } }],
};

const overrides: MapShape = {
  kind: 'map',
  of: override,
  description: 'What the remote cannot say, table by table. A table that is not imported is an error.',
  examples: [{ orders: override.examples?.[0] }],
};

const schema: ObjectShape = {
  kind: 'object',
  noun: 'an imported schema',
  required: ['server'],
  waivedBy: 'absent',
  waivedFor: ['owner', 'comment', 'usage', 'create'],
  keys: {
    server: { kind: 'text', description: 'The server to import from. Left out: a schema without an import, of which only owner, comment, usage and create are given.', examples: ['shop'] },
    remote_schema: { kind: 'text', description: "The schema's name on the remote; left out, the same as the local one.", examples: ['public'] },
    tables: selection,
    import: importOptions,
    types: {
      kind: 'word',
      words: ['create', 'require'],
      default: 'create',
      description: 'Types that the columns need and the local database lacks: create them, or call it an error.',
      examples: ['create'],
    },
    owner,
    comment,
    usage: roles('USAGE on the local schema'),
    create: roles('CREATE on the local schema'),
    select: roles('SELECT on each of its imported tables'),
    overrides,
    for_each: forEach,
    absent: absent('the foreign tables that are on the server in this schema are dropped, then the schema'),
    prune: prune('foreign tables that are on the server in this schema'),
  },
  description: 'A local schema that is kept in step with a remote one, or, without a server, who owns and may use one.',
  examples: [{ server: 'shop', remote_schema: 'public', tables: ['orders', 'customers'] }],
};

export const schemas: MapShape = { kind: 'map', of: schema, description: 'Imported schemas by the name of the local schema.', examples: [{ shop: schema.examples?.[0] }] };

const table: ObjectShape = {
  kind: 'object',
  noun: 'a table',
  required: ['server', 'columns'],
  waivedBy: 'absent',
  keys: {
    server: { kind: 'text', description: 'The server that the table is on.', examples: ['shop'] },
    options: plainOptions('The options of the foreign table.', [{ schema_name: 'public', table_name: 'orders' }]),
    owner,
    comment,
    grants: tableGrants,
    column_grants: columnGrants,
    checks,
    ...parentKeys,
    renamed_from: renamedFrom,
    for_each: forEach,
    absent: absent('the foreign table is dropped'),
    columns: { kind: 'map', of: column, filled: 'some', description: 'Columns by name, in their order.', examples: [{ id: 'bigint not null' }] },
  },
  description: 'A foreign table.',
  examples: [{ server: 'shop', options: { schema_name: 'public', table_name: 'orders' }, columns: { id: 'bigint not null' } }],
};

export const tables: MapShape = {
  kind: 'map',
  of: table,
  description: 'Foreign tables spelled out, by schema.table. A name that contains a dot is quoted as in SQL.',
  examples: [{ 'reporting.orders': table.examples?.[0] }],
};
