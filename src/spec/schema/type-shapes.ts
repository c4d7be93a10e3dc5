import { absent, comment, owner, roles } from './facet-shapes.ts';
import type { ChoiceShape, MapShape, ObjectShape, StringShape, TextShape } from './shape.ts';

const typeText: StringShape = { kind: 'string', description: 'The type, as in SQL.', examples: ['character varying(20)'] };
const collation: TextShape = { kind: 'text', description: "Its collation; left out: the type's own.", examples: ['C'] };

const domain: ChoiceShape = {
  kind: 'choice',
  scalar: { ...typeText, description: 'The type below, as in SQL.' },
  map: {
    kind: 'object',
    noun: 'a domain',
    required: ['type'],
    keys: {
      type: { ...typeText, description: 'The type below, as in SQL.' },
      collation,
      not_null: { kind: 'boolean', default: false, description: 'NOT NULL.', examples: [true] },
      default: { kind: 'text', description: 'The DEFAULT expression, as in SQL.', examples: ['0'] },
      checks: {
        kind: 'map',
        of: { kind: 'string', description: 'The condition on VALUE, as in SQL.', examples: ['VALUE > 0'] },
        description: 'CHECK constraints by name, complete: others are dropped. Left out: not managed.',
        examples: [{ positive: 'VALUE > 0' }],
      },
    },
    description: 'A domain with what it asks of its values.',
    examples: [{ type: 'text', not_null: true, checks: { short: 'length(VALUE) < 100' } }],
  },
  description: 'A domain: the type below, or that with more.',
  examples: ['text', { type: 'text', checks: { short: 'length(VALUE) < 100' } }],
};

const composite: MapShape = {
  kind: 'map',
  of: {
    kind: 'choice',
    scalar: typeText,
    map: { kind: 'object', noun: 'an attribute', required: ['type'], keys: { type: typeText, collation }, description: 'An attribute with a collation.', examples: [{ type: 'text', collation: 'C' }] },
    description: 'The type of an attribute.',
    examples: ['text'],
  },
  description: 'A composite type: its attributes by name, in their order.',
  examples: [{ street: 'text', number: 'integer' }],
};

const range: ChoiceShape = {
  kind: 'choice',
  scalar: { ...typeText, description: 'The subtype, as in SQL.' },
  map: {
    kind: 'object',
    noun: 'a range type',
    required: ['subtype'],
    keys: {
      subtype: { ...typeText, description: 'The subtype, as in SQL.' },
      opclass: { kind: 'text', description: "Its b-tree operator class; left out: the subtype's default.", examples: ['text_pattern_ops'] },
      collation,
      subdiff: { kind: 'text', description: 'The function that says how far two values are apart. Left out: not managed.', examples: ['public.time_subdiff'] },
      multirange: { kind: 'text', description: 'The name of its multirange type. Left out: as PostgreSQL calls it.', examples: ['periods'] },
    },
    description: 'A range type with more than a subtype.',
    examples: [{ subtype: 'time', subdiff: 'public.time_subdiff' }],
  },
  description: 'A range type: its subtype, or that with more.',
  examples: ['timestamptz', { subtype: 'text', collation: 'C' }],
};

const type: ObjectShape = {
  kind: 'object',
  noun: 'a type',
  keys: {
    enum: { kind: 'list', of: { kind: 'text', mayBeEmpty: true, description: 'A label.' }, description: 'An enum: its labels in their order.', examples: [['new', 'paid']] },
    domain,
    composite,
    range,
    owner,
    comment,
    usage: roles('USAGE on the type, which everybody has of a new one'),
    absent: absent('the type is dropped'),
  },
  description: 'A type of the local database: an enum, a domain, a composite or a range type.',
  examples: [{ enum: ['new', 'paid'] }, { domain: 'text' }],
};

export const types: MapShape = {
  kind: 'map',
  of: type,
  description: 'Types that columns of foreign tables need, by schema.type. Those that an import needs are made without being named here.',
  examples: [{ 'reporting.status': type.examples?.[0] }],
};
