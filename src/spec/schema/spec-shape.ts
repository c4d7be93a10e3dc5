import { reasonIds, reasonRules } from '../../model/rules.ts';
import { clauseKinds, expectedPlaces, limitNames, limitTexts, verdictWords } from '../../model/verdict.ts';
import { overlayObject } from './overlay-shape.ts';
import { extensions, servers } from './server-shapes.ts';
import { wrappers } from './wrapper-shapes.ts';
import type { ChoiceShape, MapShape, ObjectShape, Shape } from './shape.ts';
import { shardedTables } from './sharded-shapes.ts';
import { schemas, tables } from './table-shapes.ts';
import { types } from './type-shapes.ts';

function place(kind: string): Shape {
  return { kind: 'word', words: expectedPlaces, description: `Where every clause of the kind \`${kind}\` must run.`, examples: ['remote'] };
}

function limit(name: (typeof limitNames)[number]): Shape {
  return { kind: 'integer', description: limitTexts[name], examples: [name === 'max_fetch_ratio' ? 10 : 1000] };
}

const expectation: ChoiceShape = {
  kind: 'choice',
  scalar: { kind: 'word', words: verdictWords, description: 'The verdict for the whole query.', examples: ['full'] },
  map: {
    kind: 'object',
    noun: 'an expectation',
    keys: {
      verdict: { kind: 'word', words: verdictWords, description: 'The verdict for the whole query.', examples: ['full'] },
      ...Object.fromEntries(clauseKinds.map((kind) => [kind, place(kind)])),
      ...Object.fromEntries(limitNames.map((name) => [name, limit(name)])),
    },
    description: 'Where each kind of clause must run, and limits.',
    examples: [{ filter: 'remote', join: 'remote', max_fetched_rows: 1000 }],
  },
  description: 'What the query is held to: a verdict, or places and limits.',
  examples: ['full', { filter: 'remote', aggregate: 'remote' }],
};

const ignored: ObjectShape = {
  kind: 'object',
  noun: 'a list of reasons',
  keys: Object.fromEntries(reasonIds.map((id) => [id, { kind: 'text', description: `Why it may be so. ${reasonRules[id].what}`, examples: ['the table is small'] } satisfies Shape])),
  description: 'Reasons that are known and taken, each with why. They are no findings then; expectations and the baseline hold all the same.',
  examples: [{ distinct: 'there are five regions' }],
};

const check: ObjectShape = {
  kind: 'object',
  noun: 'a check',
  required: ['name', 'sql'],
  keys: {
    name: { kind: 'text', description: 'Its name in reports; no two alike.', examples: ['revenue by region'] },
    sql: { kind: 'string', description: 'One SQL statement.', examples: ['SELECT count(*) FROM shop.orders'] },
    expect: expectation,
    ignore: ignored,
  },
  description: 'A query and what is expected of it.',
  examples: [{ name: 'count of orders', sql: 'SELECT count(*) FROM shop.orders', expect: 'full' }],
};

const pushdown: ObjectShape = {
  kind: 'object',
  noun: '`pushdown`',
  keys: {
    queries: { kind: 'list', of: { kind: 'text', description: 'A glob, relative to the spec.' }, description: 'Files with SQL, as globs relative to the spec.', examples: [['queries/**/*.sql']] },
    role: { kind: 'text', description: 'The role that will run the queries: EXPLAIN runs as it.', examples: ['analyst'] },
    checks: { kind: 'list', of: check, description: 'Queries written here.', examples: [check.examples] },
  },
  description: 'What `fdw check-pushdown` checks.',
  examples: [{ queries: ['queries/**/*.sql'] }],
};

const content: ObjectShape['keys'] = {
  database: { kind: 'text', description: 'The local database: a URL or a libpq connection string. --database and PG* variables also serve.', examples: ['${env:DATABASE_URL}'] },
  extensions,
  wrappers,
  servers,
  schemas,
  types,
  tables,
  sharded_tables: shardedTables,
  pushdown,
};

/** What one environment lays over the spec. */
const environment: ObjectShape = overlayObject({
  kind: 'object',
  noun: 'an environment',
  keys: content,
  description: 'What is different here: maps are merged key by key, lists and texts replace, null removes.',
  examples: [{ servers: { shop: { options: { host: 'shop.staging' } } } }],
});

const environments: MapShape = {
  kind: 'map',
  of: environment,
  description: 'What is different in an environment, by its name: --env NAME lays it over the rest.',
  examples: [{ staging: environment.examples?.[0] }],
};

/** The whole spec. */
export const specShape: ObjectShape = {
  kind: 'object',
  noun: 'the spec',
  required: ['version'],
  keys: {
    version: { kind: 'constant', value: 1, description: 'The version of this format.', examples: [1] },
    include: {
      kind: 'list',
      of: { kind: 'text', description: 'A path or a glob, relative to this file.' },
      description: 'Further files of this spec, as paths or globs relative to this one. Each has a `version`, and nothing is given twice.',
      examples: [['servers/*.yaml']],
    },
    ...content,
    environments,
  },
  description: 'The foreign servers, user mappings, imported schemas and foreign tables of one database.',
  examples: [{ version: 1, servers: servers.examples?.[0] }],
};

/** A file of a spec that an environment is laid over: it may lack what that gives. */
export const incompleteSpec: ObjectShape = { ...overlayObject(specShape), required: ['version'] };
