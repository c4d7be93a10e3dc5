import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { offlineDatabase } from '../../../src/flows/offline/offline-database.ts';
import { reasonRules } from '../../../src/model/rules.ts';
import { judge } from '../../../src/pushdown/judge.ts';
import { readQueries } from '../../../src/pushdown/queries/read.ts';
import type { PushdownReport, QueryVerdict } from '../../../src/pushdown/types.ts';
import { temporaryFolder } from '../../commands/fdw.ts';
import { majors, serverKind } from '../../servers/index.ts';
import { supportedMajors } from '../../servers/types.ts';
import { fixtureSql } from '../fixture.ts';
import { useShop } from '../judging.ts';
import { collation } from './collation.ts';
import { filters } from './filters.ts';
import { grouping } from './grouping.ts';
import { joins } from './joins.ts';
import { locking } from './locking.ts';
import { mutability } from './mutability.ts';
import { nodes } from './nodes.ts';
import { ordering } from './ordering.ts';
import { parameters } from './parameters.ts';
import { partitions } from './partitions.ts';
import { shippability } from './shippability.ts';
import { surroundings } from './surroundings.ts';
import { told } from './rule.ts';
import type { Rule } from './rule.ts';
import { writes } from './writes.ts';

const sections: Readonly<Record<string, readonly Rule[]>> = {
  shippability, nodes, collation, mutability, filters, joins, grouping, ordering, locking, writes, partitions, surroundings, parameters,
};

function rulesOn(major: number): readonly (Rule & { readonly section: string })[] {
  const all = Object.entries(sections).flatMap(([section, rules]) => rules.map((rule) => ({ ...rule, section })));
  return all.filter(({ from = 0, to = 99 }) => from <= major && major <= to);
}

// A cluster of another major than the run's takes a second or two: what 15, 16 and 17 changed is worth it.
describe.each(serverKind() === 'embedded' ? supportedMajors : majors())('the rules of postgres_fdw on PostgreSQL %i', (major) => {
  const shop = useShop(major);
  const rules = rulesOn(major);
  let verdicts: readonly QueryVerdict[] = [];

  beforeAll(async () => {
    verdicts = (await shop().judge(rules.map(({ sql }) => sql).join(';\n'))).queries;
  });

  test.each(rules.map((rule, index) => ({ ...rule, index })))('$section: $rule', ({ index, verdict, clauses, notes, other }) => {
    const judged = verdicts[index];
    expect(judged?.error).toBeUndefined();
    expect(judged && told(judged)).toEqual({ verdict, clauses, ...(notes && { notes }), ...(other !== undefined && { other }) });
  });

  test('what may be sent, and is not, has costs of both ways', () => {
    const joins = verdicts.flatMap(({ clauses }) => clauses).filter(({ kind, cause }) => kind === 'join' && cause === 'not-chosen');
    expect(joins.length).toBeGreaterThan(5);
    const known = joins.filter(({ costs }) => costs !== undefined && costs.here > 0 && costs.here < costs.sent);
    expect(known.length).toBeGreaterThan(joins.length / 2);
  });
});

/** Reasons that no statement by itself shows: they take the remote's answer, or another session. */
const elsewhere: ReadonlySet<string> = new Set(['extension-missing-on-remote', 'remote-sql-invalid', 'type-mismatch', 'remote-seq-scan', 'remote-not-asked']);

test('every reason has a rule', () => {
  const all = new Set(Object.values(sections).flatMap((rules) => rules.flatMap(({ clauses, notes = [] }) => [...clauses, ...notes].flatMap((text) => text.split(/[:;] /).map((part) => part.split(' ')[0])))));
  expect(Object.keys(reasonRules).filter((id) => !all.has(id) && !elsewhere.has(id))).toEqual([]);
});

describe('on an empty and on a full database', () => {
  const major = majors().at(-1) ?? 18;
  const shop = useShop(major);

  test('the same is blocked, and a suite passes or fails alike', async () => {
    const { db } = shop();
    const rules = rulesOn(major);
    const found = new Map<string, readonly string[]>();
    const sizes = {
      filled: '',
      empty: "UPDATE pg_class SET reltuples = 0, relpages = 0 WHERE relkind = 'f'; DELETE FROM accounts; ANALYZE accounts",
      'never analyzed': "UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relkind = 'f'",
      'local ones unknown': "TRUNCATE accounts; DELETE FROM pg_statistic WHERE starelid = 'accounts'::regclass",
      huge: "UPDATE pg_class SET reltuples = 1e7, relpages = 200000 WHERE relkind = 'f'; INSERT INTO accounts SELECT g, g, g % 10 = 0 FROM generate_series(1, 20000) g; ANALYZE accounts",
    };
    for (const [size, sql] of Object.entries(sizes)) {
      if (sql !== '') await db.query(sql);
      const { queries } = await shop().judge(rules.map((rule) => `-- fdw: expect=full\n${rule.sql}`).join(';\n'));
      // A reason names what a user knows: a table, not a node of the plan.
      expect(queries.flatMap(({ clauses }) => clauses.flatMap(({ reasons }) => reasons)).filter(({ subject }) => subject.endsWith(' Scan'))).toEqual([]);
      found.set(size, queries.map(({ steady, missed, clauses }) => [steady, missed.length, ...new Set(clauses.filter(({ cause }) => cause === 'blocked').map(({ kind }) => kind))].join(' ')));
    }
    const filled = found.get('filled') ?? [];
    for (const [size, words] of found) expect(words.map((word, index) => [rules[index]?.sql, word]), size).toEqual(filled.map((word, index) => [rules[index]?.sql, word]));
  }, 240_000);
});

/** A verdict without some of its fields, wherever they stand. */
function without(value: unknown, fields: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !fields.has(key)).map(([key, each]) => [key, without(each, key === 'remedies' ? new Set([...fields, ...waysOf]) : fields)]));
}

/** All that may differ without a database: what depends on data. */
const measures: ReadonlySet<string> = new Set(['costs', 'effect', 'rows', 'estimatedRows', 'estimatedBytes', 'returnedRows', 'roundTrips', 'loops']);

/** And of a remedy how the planner goes about what is left to it, which it chooses by cost: one join for another, a sort for a hash. */
const waysOf = ['remoteSql', 'remaining'];

describe.each(majors())('without any database, as PostgreSQL %i', (major) => {
  const shop = useShop(major);

  test('all but costs and numbers of rows is the same, from a dump in any order', async () => {
    await using folder = await temporaryFolder();
    const { db, roles } = shop();
    const { user, password } = db.cluster;
    const statements = fixtureSql({ roles, loopback: { host: 'nowhere.invalid', port: '5432', dbname: 'x', user, password } }).split(/;\n/);
    const file = join(folder.path, 'schema.sql');
    // Views first, so that it takes more than one go.
    await writeFile(file, ['\\restrict abc', ...statements.filter((each) => /CREATE VIEW/.test(each)), ...statements].join(';\n'));
    const offline = await offlineDatabase({ postgres: major, schema: file, snapshot: undefined }, undefined, () => undefined, new AbortController().signal);
    // A scratch has no statistics, and the shape of a plan may depend on them: so here neither.
    await db.query("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relkind = 'f'; TRUNCATE accounts; DELETE FROM pg_statistic WHERE starelid = 'accounts'::regclass");
    try {
      const text = rulesOn(major).map(({ sql }) => sql).join(';\n');
      const structure = ({ queries }: PushdownReport): readonly unknown[] => queries.map((query) => without({ ...query, seconds: 0 }, measures));
      expect(structure(await judge(offline.session, readQueries([{ file: 'queries.sql', text }])))).toEqual(structure(await shop().judge(text)));
    } finally {
      await offline.close();
    }
  });
});
