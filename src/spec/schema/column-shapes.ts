import { identities, storageModes } from '../../model/column.ts';
import { plainOptions } from './option-shapes.ts';
import type { ChoiceShape, MapShape, NumberShape, ObjectShape, StringShape } from './shape.ts';

function distinct(description: string): NumberShape {
  return { kind: 'number', min: -1, description: `${description} From -1 to 0 as a part of the rows, negated; 0 removes it. Left out: not managed.`, examples: [-0.5, 1000] };
}

function expression(description: string): StringShape {
  return { kind: 'string', description, examples: ['a + 1'] };
}

const generated: ChoiceShape = {
  kind: 'choice',
  scalar: expression('The expression of a stored generated column.'),
  map: {
    kind: 'object',
    noun: '`generated`',
    one: true,
    keys: { stored: expression('The expression of a stored generated column.'), virtual: expression('The expression of a virtual one (PostgreSQL 18 and later).') },
    description: 'How it is kept, and the expression.',
    examples: [{ stored: 'a + 1' }],
  },
  description: 'GENERATED ALWAYS AS (…): the expression, as in SQL; stored unless it says otherwise.',
  examples: ['amount * 2', { virtual: 'amount * 2' }],
};

/** Everything that a column may have beside its type. */
export const columnKeys: ObjectShape['keys'] = {
  renamed_from: { kind: 'text', description: 'Its former name here: where a column has that still, it is renamed.', examples: ['amount'] },
  column_name: { kind: 'text', description: "The column's name on the remote (the option column_name).", examples: ['total'] },
  not_null: { kind: 'boolean', default: false, description: 'NOT NULL: PostgreSQL trusts it and does not check.', examples: [true] },
  collation: { kind: 'text', description: 'The collation; quote a name that contains a dot: \'"en_US.utf8"\'.', examples: ['C', 'pg_catalog.C'] },
  default: { kind: 'text', description: 'The DEFAULT expression, as in SQL.', examples: ['0', 'now()'] },
  generated,
  identity: { kind: 'word', words: identities, description: 'GENERATED … AS IDENTITY, from a sequence of the local database.', examples: ['always', 'by default'] },
  options: plainOptions('The options of the column.', [{ column_name: 'total' }]),
  statistics: { kind: 'integer', min: -1, max: 10000, description: "The statistics target for ANALYZE; -1 is the database's own. Left out: not managed.", examples: [500] },
  n_distinct: distinct('How many distinct values the planner shall believe in.'),
  n_distinct_inherited: distinct('The same for the table together with its children.'),
  storage: { kind: 'word', words: ['default', ...storageModes], description: 'SET STORAGE; `default` is that of the type. Left out: not managed.', examples: ['external'] },
  comment: { kind: 'text', mayBeEmpty: true, description: "Its comment; '' removes one. Left out: not managed.", examples: ['Gross, in euros'] },
};

/** What a column of a partition may have of its own. */
export const partitionColumns: MapShape = {
  kind: 'map',
  of: {
    kind: 'object',
    noun: 'a column of a partition',
    keys: pick('column_name', 'options', 'statistics', 'n_distinct', 'n_distinct_inherited', 'storage', 'comment'),
    description: 'What the column has beyond what the table hands down: its options are then complete.',
    examples: [{ column_name: 'total' }],
  },
  description: 'Options and settings of columns, by name. Of a column that is left out they are not managed.',
  examples: [{ amount: { column_name: 'total' } }],
};

function pick(...names: readonly string[]): ObjectShape['keys'] {
  return Object.fromEntries(Object.entries(columnKeys).filter(([name]) => names.includes(name)));
}

/** A column of a table that is spelled out. */
export const column: ChoiceShape = {
  kind: 'choice',
  scalar: { kind: 'string', description: 'A type, and what else belongs there: what you would write in SQL.', examples: ['bigint not null', 'numeric(12,2) default 0'] },
  map: {
    kind: 'object',
    noun: 'a column',
    required: ['type'],
    keys: { type: { kind: 'string', description: 'The type, as in SQL.', examples: ['numeric(12,2)'] }, ...columnKeys },
    description: 'The long form.',
    examples: [{ type: 'numeric(12,2)', column_name: 'total', not_null: true }],
  },
  description: 'A column as in SQL (`bigint not null default 0`), or the long form.',
  examples: ['bigint not null', { type: 'numeric(12,2)', column_name: 'total', not_null: true }],
};
