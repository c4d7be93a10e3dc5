import { absent, comment, owner, roles } from './facet-shapes.ts';
import { optionsWithSecrets } from './option-shapes.ts';
import type { MapShape, ObjectShape } from './shape.ts';

const wrapper: ObjectShape = {
  kind: 'object',
  noun: 'a wrapper',
  keys: {
    handler: { kind: 'text', description: 'Its handler function as schema.name, or `none`. Left out: not managed.', examples: ['ext.my_fdw_handler'] },
    validator: { kind: 'text', description: 'Its validator function as schema.name, or `none`. Left out: not managed.', examples: ['ext.my_fdw_validator', 'none'] },
    options: optionsWithSecrets('The options of the wrapper itself.', [{ debug: true }]),
    owner,
    comment,
    usage: roles('USAGE on the wrapper, which lets them create servers of it'),
    absent: absent('the wrapper is dropped'),
  },
  description: 'A foreign-data wrapper. Of one that an extension brings, only `usage` may be given.',
  examples: [{ usage: ['deploy'] }],
};

export const wrappers: MapShape = {
  kind: 'map',
  of: wrapper,
  description: 'Foreign-data wrappers that no extension brings, and who may use those that one does.',
  examples: [{ postgres_fdw: { usage: ['deploy'] }, mine: { handler: 'ext.my_fdw_handler', validator: 'none' } }],
};
