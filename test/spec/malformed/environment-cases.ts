import { wrong, type MalformedCase } from './malformed-case.ts';

const head = ['version: 1', 'servers:', '  shop: {options: {host: a}, user_mappings: {public: {password: {env: A}}}}', 'tables:', '  a.b: {server: shop, columns: {id: int}}'];

/** Five good lines, and an environment `staging`; what is in it stands from line 8, column 5. */
function overlay(...lines: readonly string[]): string {
  return [...head, 'environments:', '  staging:', ...lines.map((line) => `    ${line}`), ''].join('\n');
}

function chosen(name: string, text: string, problems: string | readonly string[], hint?: string, environment = 'staging'): MalformedCase {
  return { ...wrong(`${name}, chosen`, text, problems, hint), environment };
}

/** What is wrong whether the environment is chosen or not, in the same place and words. */
const structure: readonly (readonly [name: string, text: string, problems: string | readonly string[], hint?: string])[] = [
  ['an unknown key of an environment', overlay('server: {}'), '8:5 `server` is not a key of an environment', 'did you mean `servers`?'],
  ['a version in an environment', overlay('version: 1'), '8:5 `version` is not a key of an environment', 'it stands at the top, outside of `environments`'],
  ['environments in an environment', overlay('environments: {x: {}}'), '8:5 `environments` is not a key of an environment', 'an environment holds no others'],
  ['an unknown key of a server in an environment', overlay('servers: {shop: {option: {}}}'), '8:22 `option` is not a key of a server', 'did you mean `options`?'],
  ['an option on a server in an environment', overlay('servers: {shop: {host: x}}'), '8:22 `host` is not a key of a server', 'it is an option: put it under `options`'],
  ['servers of an environment as a list', overlay('servers: [shop]'), '8:14 `servers` must be a map, not a list'],
  ['a server of an environment as text', overlay('servers: {shop: other}'), '8:21 `shop` must be a map of keys, not text'],
  ['an option of an environment as a number of lists', overlay('servers: {shop: {options: {host: [[a]]}}}'), '8:39 an element of `host` must be text, not a list'],
  ['an empty list in an environment', overlay('servers: {shop: {options: {host: []}}}'), '8:38 `host` is an empty list'],
  ['two sources of a secret in an environment', overlay('servers: {shop: {user_mappings: {public: {password: {env: A, file: b}}}}}'), '8:57 `password` must have exactly one of'],
  ['a secret of nothing in an environment', overlay('servers: {shop: {user_mappings: {public: {password: {}}}}}'), '8:57 `password` must have exactly one of'],
  ['an unknown column key in an environment', overlay('tables: {a.b: {columns: {id: {typ: int}}}}'), '8:35 `typ` is not a key of a column', 'did you mean `type`?'],
  ['not_null as text in an environment', overlay('tables: {a.b: {columns: {id: {not_null: "true"}}}}'), '8:45 `not_null` must be `true` or `false`, not text'],
  ['a column as a number in an environment', overlay('tables: {a.b: {columns: {id: 1}}}'), '8:34 `id` must be text or a map of keys, not a number'],
  ['a check without sql in an environment', overlay('pushdown: {checks: [{name: x}]}'), '8:25 an element of `checks` has no `sql`'],
  ['a wrong word in an environment', overlay('schemas: {shop: {types: creat}}'), '8:29 `types` must be `create` or `require`, not `creat`', 'did you mean `create`?'],
  ['an empty name in an environment', overlay('servers: {"": {}}'), '8:15 a name in `servers` is empty'],
  ['a database as a map in an environment', overlay('database: {host: a}'), '8:15 `database` must be text, not a map'],
  ['an environment as a list', overlay('- servers'), '8:5 `staging` must be a map of keys, not a list'],
  ['an environment as text', overlay('text'), '8:5 `staging` must be a map of keys, not text'],
];

const references: readonly MalformedCase[] = [
  wrong('environments as a list', 'version: 1\nenvironments: [staging]\n', '2:15 `environments` must be a map, not a list'),
  wrong('environments as text', 'version: 1\nenvironments: staging\n', '2:15 `environments` must be a map, not text'),
  wrong('an environment without a name', 'version: 1\nenvironments: {"": {}}\n', '2:16 a name in `environments` is empty'),
  wrong('an environment twice', 'version: 1\nenvironments: {a: {}, a: {}}\n', '2:23 the key `a` is written twice', 'it is first written at -:2:16'),
  chosen('an unknown environment', overlay('servers: {}'), '6:1 the spec has no environment `stagign`', 'did you mean `--env staging`?', 'stagign'),
  chosen('an environment that is like no other', overlay('servers: {}'), '6:1 the spec has no environment `production`', 'it has `staging`', 'production'),
  chosen('an environment that every object has', overlay('servers: {}'), '6:1 the spec has no environment `constructor`', 'it has `staging`', 'constructor'),
  chosen('an environment without environments', 'version: 1\n', '1:1 the spec has no environment `staging`', 'add it under `environments`, or leave out --env'),
  chosen('an environment of null', 'version: 1\nenvironments:\n', '2:1 the spec has no environment `staging`', 'add it under `environments`, or leave out --env'),
  chosen('an unknown environment beside a wrong one', overlay('server: {}'), ['6:1 the spec has no environment `b`', '8:5 `server` is not a key of an environment'], 'it has `staging`', 'b'),
  chosen('an option that is no text', overlay('servers: {shop: {options: {host: {env: ""}}}}'), ['8:44 `env` must be text; it is empty']),
  chosen('a missing variable', overlay('servers: {shop: {options: {host: "${env:NOPE}"}}}'), '8:39 the environment variable NOPE is not set', 'set it, or give a default: `${env:NOPE:-…}`'),
  chosen('a new table without a server', overlay('tables: {c.d: {columns: {id: int}}}'), '8:14 `c.d` has no `server`', 'add `server: shop`'),
  chosen('a new table without columns', overlay('tables: {c.d: {server: shop}}'), '8:14 `c.d` has no `columns`'),
  chosen('a new column without a type', overlay('tables: {a.b: {columns: {n: {not_null: true}}}}'), '8:30 `n` has no `type`'),
  chosen('a table without its only column', overlay('tables: {a.b: {columns: {id: null}}}'), '5:32 `columns` is empty'),
  chosen('a table whose server is taken away', overlay('tables: {a.b: {server: null}}'), '5:3 `a.b` has no `server`'),
  chosen('a server that is taken away from a table', overlay('servers: {shop: null}'), '5:17 the table `a.b` is on a server `shop`, which the spec does not have', 'the spec has no servers: add it under `servers`'),
  chosen('a table that goes to an unknown server', overlay('tables: {a.b: {server: shpo}}'), '8:28 the table `a.b` is on a server `shpo`, which the spec does not have', 'did you mean `shop`?'),
  chosen('a table that the spec has in other quotes', overlay(`tables: {'a."b"': {server: shop, columns: {id: int}}}`), '8:14 the table `a.b` is given twice', 'it is also given at -:5:3'),
  chosen('a long name', overlay(`servers: {${'x'.repeat(64)}: {}}`), '8:15 the name of a server has 64 bytes; PostgreSQL allows 63'),
  chosen('a bad type', overlay('tables: {a.b: {columns: {id: int primary key}}}'), '8:34 `primary` is not part of a type'),
  chosen('a mistake outside of the environment', 'version: 2\nenvironments: {staging: {}}\n', '1:10 `version` must be `1`, not `2`'),
];

export const environmentCases: readonly MalformedCase[] = [
  ...structure.flatMap(([name, text, problems, hint]) => [wrong(name, text, problems, hint), chosen(name, text, problems, hint)]),
  ...references,
];
