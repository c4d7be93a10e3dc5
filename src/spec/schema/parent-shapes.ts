import { boundKeys } from './bound-shapes.ts';
import type { ObjectShape } from './shape.ts';

/** What a foreign table is part of. */
export const parentKeys: ObjectShape['keys'] = {
  inherits: {
    kind: 'choice',
    scalar: { kind: 'text', description: 'The table that it inherits from, as schema.table.' },
    list: { kind: 'list', of: { kind: 'text', description: 'A table, as schema.table.' }, description: 'The tables that it inherits from; none: `[]`.' },
    description: 'The tables that it inherits from, complete: it leaves others. They are foreign tables of the spec, or tables of any kind that exist. Left out: not managed.',
    examples: ['app.base', ['app.base', 'app.audited'], []],
  },
  partition_of: {
    kind: 'choice',
    scalar: { kind: 'word', words: ['none'], description: 'It is no partition, and is detached where it is one.' },
    map: {
      kind: 'object',
      noun: '`partition_of`',
      required: ['table'],
      keys: { table: { kind: 'text', description: 'The partitioned table, as schema.table. It must exist.', examples: ['app.events'] }, ...boundKeys },
      description: 'The table that it is a partition of, with its bounds: modulus and remainder, from and to, values, or default.',
      examples: [{ table: 'app.events', from: '2024-01-01', to: '2025-01-01' }],
    },
    description: 'The partitioned table that it is a partition of, and which of its rows it holds; or `none`. Left out: not managed.',
    examples: [{ table: 'app.events', from: '2024-01-01', to: '2025-01-01' }, 'none'],
  },
};
