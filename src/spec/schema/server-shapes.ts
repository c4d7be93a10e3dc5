import { serverExpectation } from './expect-shape.ts';
import { absent, comment, owner, prune, roles } from './facet-shapes.ts';
import { forEach } from './each-shape.ts';
import { optionsWithSecrets } from './option-shapes.ts';
import type { ChoiceShape, MapShape, ObjectShape } from './shape.ts';

const extension: ObjectShape = {
  kind: 'object',
  noun: 'an extension',
  keys: {
    schema: { kind: 'text', description: 'The schema that it is in. Left out: wherever PostgreSQL puts it, and no change afterwards.', examples: ['ext'] },
    version: { kind: 'text', description: 'Its version. Quote it: "1.6". Left out: the newest when it is created, and no change afterwards.', examples: ['1.6'] },
    absent: absent('the extension is dropped'),
  },
  description: 'Where the extension is, and in which version.',
  examples: [{ schema: 'ext', version: '1.6' }],
};

export const extensions: ChoiceShape = {
  kind: 'choice',
  list: {
    kind: 'list',
    of: {
      kind: 'choice',
      scalar: { kind: 'text', description: 'Its name.' },
      map: { kind: 'map', of: extension, filled: 'one', description: 'The long form: a name with its settings.' },
      description: 'A name, or the long form `{name: {schema: …, version: …}}`.',
    },
    description: 'Names, or the long form.',
  },
  map: { kind: 'map', of: extension, description: 'Names with their settings.' },
  description: 'Extensions of the local database; they are created where missing.',
  examples: [['postgres_fdw', { citext: { schema: 'ext', version: '1.6' } }]],
};

const userMappings: MapShape = {
  kind: 'map',
  of: {
    ...optionsWithSecrets('The options of the user mapping.', [{ user: 'shop_ro', password: { env: 'SHOP_RO_PASSWORD' } }]),
    keys: { absent: absent('the user mapping is dropped') },
  },
  description: 'By local role; `public` is everyone without a mapping of their own. All other words are names of roles as written.',
  examples: [{ public: { user: 'shop_ro', password: { env: 'SHOP_RO_PASSWORD' } } }],
};

const server: ObjectShape = {
  kind: 'object',
  noun: 'a server',
  keys: {
    renamed_from: { kind: 'text', description: 'Its former name: a server that has it still is renamed, with its tables and user mappings.', examples: ['shop_old'] },
    wrapper: { kind: 'text', default: 'postgres_fdw', description: 'The foreign-data wrapper. Any installed one works; its options are passed through.', examples: ['postgres_fdw'] },
    type: { kind: 'text', description: 'TYPE of CREATE SERVER; postgres_fdw makes no use of it.', examples: ['replica'] },
    version: { kind: 'text', description: 'VERSION of CREATE SERVER; postgres_fdw makes no use of it.', examples: ['16'] },
    options: optionsWithSecrets('The options of the server, by their names in the wrapper.', [{ host: 'shop.internal', port: 5432, dbname: 'shop', extensions: ['citext', 'hstore'] }]),
    owner,
    comment,
    usage: roles('USAGE on the server'),
    user_mappings: userMappings,
    for_each: forEach,
    absent: absent('the server is dropped, with its user mappings'),
    prune: prune('user mappings of the server and foreign tables on it'),
    expect: serverExpectation,
  },
  description: 'A foreign server.',
  examples: [{ options: { host: 'shop.internal', dbname: 'shop' }, user_mappings: { public: { user: 'shop_ro', password: { env: 'SHOP_RO_PASSWORD' } } } }],
};

export const servers: MapShape = { kind: 'map', of: server, description: 'Foreign servers by name.', examples: [{ shop: server.examples?.[0] }] };
