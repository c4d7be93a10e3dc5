import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, type Pair, parseDocument, Scalar, type YAMLMap } from 'yaml';
import { escapeForbidden } from '../../src/pull/texts.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { creation, databases, foundation, removal } from './databases.ts';
import { quoted } from './plain-sql.ts';
import { allSet, applyWith, planWith, pull } from './pull.ts';

/** More of them: FDW_ROUND_TRIPS=200. */
const numRuns = Number(process.env['FDW_ROUND_TRIPS'] ?? 3);
const roles = ['fdw_renamed', 'fdw ${env:RENAMED} "1"'];

/** Takes one yes or no after the other. */
type Choose = () => boolean;

const entriesOf = (map: unknown): readonly { readonly key: Scalar<string>; readonly value: unknown }[] =>
  isMap(map) ? map.items.flatMap(({ key, value }: Pair) => (isScalar(key) ? [{ key: key as Scalar<string>, value }] : [])) : [];
const textValue = (text: string): Scalar => {
  const scalar = new Scalar(text.replaceAll('${', () => '$${'));
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
};
/** The text of a value, as the spec's reader takes it. */
const textOf = (value: unknown): string => (isScalar(value) ? String(value.value).replaceAll('$${', () => '${') : '');

/** A spec with other names for some of its servers, tables and columns, and with `renamed_from`; and how many it renames. */
function renamed(text: string, choose: Choose): { readonly text: string; readonly servers: number; readonly tables: number; readonly columns: number } {
  const document = parseDocument(text);
  const root = document.contents as YAMLMap;
  const tables = entriesOf(root.get('tables', true));
  const sharded = entriesOf(root.get('sharded_tables', true));
  const counts = { servers: 0, tables: 0, columns: 0 };
  // A pattern of names stands for all of them.
  const counted = sharded.some(({ value }) => isMap(value) && value.has('shards'));
  const onServers = [...tables, ...sharded.flatMap(({ value }) => (isMap(value) ? entriesOf(value.get('partitions', true)) : []))];
  for (const { key, value } of counted ? [] : entriesOf(root.get('servers', true))) {
    if (!isMap(value) || !choose()) continue;
    const [from, to] = [key.value, `now: "${counts.servers++}" \${env:HOME}`];
    for (const { value: table } of onServers) if (isMap(table) && textOf(table.get('server', true)) === from) table.set('server', textValue(to));
    value.set('renamed_from', textValue(from));
    key.value = to;
  }
  const above = new Set(tables.flatMap(({ value }) => (isMap(value) ? parentsIn(value).map(textOf) : [])));
  for (const { key, value } of tables) {
    if (!isMap(value)) continue;
    const free = !above.has(key.value) && !['inherits', 'partition_of', 'checks'].some((part) => value.has(part));
    const columns = entriesOf(value.get('columns', true));
    // An expression names columns, and is the user's to rewrite.
    for (const column of free && !columns.some(({ value: one }) => isMap(one) && one.has('generated')) ? columns : []) {
      if (!isMap(column.value) || !choose()) continue;
      const [from, to] = [column.key.value, `now.${counts.columns++}`];
      for (const { value: held } of entriesOf(value.get('column_grants', true))) for (const { value: list } of entriesOf(held)) if (isSeq(list)) list.items = list.items.map((item) => (textOf(item) === from ? textValue(to) : item));
      column.value.set('renamed_from', textValue(from));
      column.key.value = to;
    }
  }
  for (const { key, value } of tables) {
    if (!isMap(value) || !choose()) continue;
    const [from, to] = [key.value, `elsewhere."now.${counts.tables++}"`];
    for (const { value: heir } of tables) if (isMap(heir)) for (const parent of parentsIn(heir)) if (textOf(parent) === from) (parent as Scalar).value = to;
    value.set('renamed_from', textValue(from));
    key.value = to;
  }
  return { text: escapeForbidden(document.toString({ lineWidth: 0 })), ...counts };
}

function parentsIn(table: YAMLMap): readonly unknown[] {
  const inherits = table.get('inherits', true);
  const place = table.get('partition_of', true);
  return [...(isSeq(inherits) ? inherits.items : inherits === undefined ? [] : [inherits]), ...(isMap(place) ? [place.get('table', true)] : [])];
}

describe.each(majors().map((major) => ({ major })))('servers, tables and columns under other names, major $major', ({ major }) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(`${foundation(roles)}; CREATE SCHEMA elsewhere`);
  });
  afterAll(async () => {
    await db.query(roles.map((role) => `DROP OWNED BY ${quoted(role)}; DROP ROLE ${quoted(role)}`).join('; '));
    await db.drop();
  });
  /** What has a place of its own, whatever it is called. */
  const oids = async (): Promise<unknown> => db.query(`
    SELECT s.oid AS server, t.ftrelid AS relation, (SELECT array_agg(a.attnum ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.ftrelid) AS columns
    FROM pg_foreign_server s LEFT JOIN pg_foreign_table t ON t.ftserver = s.oid ORDER BY 1, 2`);

  it('are renamed, and nothing else: every object is the one that it was', async () => {
    await fc.assert(
      fc.asyncProperty(databases(roles, major), fc.infiniteStream(fc.boolean()), async (wanted, choices) => {
        try {
          await db.query(creation(wanted));
          const pulled = await pull(db.url);
          const env = allSet(pulled, wanted.secret);
          const before = await oids();
          const { text, servers, tables, columns } = renamed(pulled.text, () => choices.next().value === true);
          const spec = { ...pulled, text };
          const plan = await planWith(spec, db.url, env);
          expect(plan.changes.filter(({ action }) => action !== 'update')).toEqual([]);
          const details = plan.changes.flatMap((change) => change.details);
          expect(details).toHaveLength(servers + tables + columns);
          await applyWith(spec, db.url, env);
          expect((await planWith(spec, db.url, env)).changes).toEqual([]);
          expect(await oids()).toEqual(before);
        } finally {
          const renamedServers = Array.from({ length: 6 }, (_, index) => `DROP SERVER IF EXISTS ${quoted(`now: "${index}" \${env:HOME}`)} CASCADE`).join('; ');
          await db.query(`ROLLBACK; ${renamedServers}`);
          await db.query(`${removal(wanted)}; DROP SCHEMA elsewhere CASCADE; CREATE SCHEMA elsewhere`);
        }
      }),
      { numRuns, endOnFailure: true },
    );
  }, 60_000 + numRuns * 5_000);
});
