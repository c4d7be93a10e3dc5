import type { ChoiceShape, ObjectShape, Shape } from './shape.ts';

const value: ChoiceShape = {
  kind: 'choice',
  scalar: { kind: 'text', mayBeEmpty: true, description: 'A value of the partition key, as PostgreSQL reads it.' },
  nullable: true,
  description: 'A value; null is NULL. Without quotes, MINVALUE and MAXVALUE are the ends of a range.',
};

function values(description: string, example: unknown): Shape {
  return {
    kind: 'choice',
    scalar: { kind: 'text', mayBeEmpty: true, description: 'The value of a key of one column.' },
    list: { kind: 'list', of: value, filled: true, description: 'A value for each column of the key.' },
    description,
    examples: [example],
  };
}

/** What of the rows of its table a partition holds. */
export const boundKeys: ObjectShape['keys'] = {
  modulus: { kind: 'integer', description: 'Of hash: the modulus.', examples: [4] },
  remainder: { kind: 'integer', description: 'Of hash: the remainder.', examples: [0] },
  from: values('Of range: where it begins, this value included.', '2024-01-01'),
  to: values('Of range: where it ends, this value excluded.', '2025-01-01'),
  values: { kind: 'list', of: value, filled: true, description: 'Of list: its values.', examples: [['de', 'fr']] },
  default: { kind: 'boolean', description: 'Whether it takes what no other partition takes (range and list).', examples: [true] },
};
