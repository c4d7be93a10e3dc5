import type { ChoiceShape, ListShape, MapShape, ObjectShape, TextShape } from './shape.ts';

const optionText: TextShape = { kind: 'text', mayBeEmpty: true, description: 'The value, as written: `010` stays `010`, `yes` stays `yes`.' };

const optionList: ListShape = {
  kind: 'list',
  filled: true,
  of: { kind: 'text', description: 'One element.' },
  description: 'Becomes one comma-separated value.',
  examples: [['citext', 'hstore']],
};

const secretReference: ObjectShape = {
  kind: 'object',
  noun: 'a secret reference',
  one: true,
  keys: {
    env: { kind: 'text', description: 'The name of the environment variable that holds the value.', examples: ['SHOP_PASSWORD'] },
    file: { kind: 'text', description: 'The path of the file that holds the value, relative to the spec. One newline at its end is dropped.', examples: ['/run/secrets/shop'] },
    command: {
      kind: 'list',
      filled: true,
      of: { kind: 'text', mayBeEmpty: true, description: 'The program, then each of its arguments.' },
      description: 'A program that prints the value, and its arguments. No shell runs it. One newline at the end is dropped.',
      examples: [['op', 'read', 'op://prod/shop/password']],
    },
  },
  description: 'Where the value comes from: one of `env`, `file` and `command`. It is fetched at the last moment and never shown.',
  examples: [{ env: 'SHOP_PASSWORD' }, { file: '/run/secrets/shop' }, { command: ['op', 'read', 'op://prod/shop/password'] }],
};

/** Options of servers and user mappings, whose values may be secrets. */
export function optionsWithSecrets(description: string, examples: readonly unknown[]): MapShape {
  const of: ChoiceShape = {
    kind: 'choice',
    scalar: optionText,
    list: optionList,
    map: secretReference,
    nullable: true,
    description: 'Text as written, a list (which becomes a comma-separated value), or a reference to a secret. null drops the option.',
  };
  return { kind: 'map', of, description, examples };
}

/** Options of tables and columns. */
export function plainOptions(description: string, examples: readonly unknown[]): MapShape {
  const of: ChoiceShape = {
    kind: 'choice',
    scalar: optionText,
    list: optionList,
    nullable: true,
    description: 'Text as written, or a list (which becomes a comma-separated value). null drops the option.',
  };
  return { kind: 'map', of, description, examples };
}
