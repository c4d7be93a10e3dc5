import { column } from './column-shapes.ts';
import { absent, columnGrants, comment, owner, prune, roles, tableGrants } from './facet-shapes.ts';
import { forEach } from './each-shape.ts';
import { plainOptions } from './option-shapes.ts';
import type { ChoiceShape, ListShape, MapShape, ObjectShape } from './shape.ts';

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

const schema: ObjectShape = {
  kind: 'object',
  noun: 'an imported schema',
  required: ['server'],
  keys: {
    server: { kind: 'text', description: 'The server to import from.', examples: ['shop'] },
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
    usage: roles('USAGE on the local schema'),
    select: roles('SELECT on each of its imported tables'),
    for_each: forEach,
    absent: absent('the foreign tables that are on the server in this schema are dropped, then the schema'),
    prune: prune('foreign tables that are on the server in this schema'),
  },
  description: 'A local schema that is kept in step with a remote one.',
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
