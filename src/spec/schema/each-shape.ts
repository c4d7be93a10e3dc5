import type { ChoiceShape } from './shape.ts';

/** `for_each: [acme, globex]` */
export const forEach: ChoiceShape = {
  kind: 'choice',
  scalar: { kind: 'text', description: 'A range of whole numbers, both ends included.', examples: ['0..3'] },
  list: {
    kind: 'list',
    of: {
      kind: 'choice',
      scalar: { kind: 'text', description: 'What `${each}` stands for.' },
      map: { kind: 'map', of: { kind: 'text', mayBeEmpty: true, description: 'What `${each.NAME}` stands for.' }, filled: 'some', description: 'What `${each.NAME}` stands for, by name.' },
      description: 'A text, or texts by name.',
    },
    description: 'Texts, or maps of texts.',
  },
  description: 'Makes an entry for each element: `${each}` in its name and its values stands for the element, `${each.NAME}` for a value of one that is a map.',
  examples: [['acme', 'globex'], '0..3', [{ name: 'acme', host: 'db-1' }]],
};
