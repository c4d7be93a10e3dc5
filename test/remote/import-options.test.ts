import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { changesOf, workplace, type Workplace } from '../scenarios/flow.ts';
import { pairs } from '../servers/index.ts';
import { shop, shopTypes, type Shop } from './fixture.ts';

const names = ['collate', 'default', 'generated', 'not_null'] as const;
type Options = Partial<Record<(typeof names)[number], boolean>>;

/** Each of the 16 ways to say all four, and none of them. */
const ways: readonly Options[] = [{}, ...Array.from({ length: 16 }, (_, bits): Options => Object.fromEntries(names.map((name, index) => [name, (bits & (1 << index)) !== 0])))];
/** What IMPORT FOREIGN SCHEMA does unless it is told (postgresql.org/docs/18/postgres-fdw.html). */
const own: Required<Options> = { collate: true, default: false, generated: true, not_null: true };

/*
 * IMPORT FOREIGN SCHEMA is the independent witness: a spec with the options that it was given has nothing to change, and
 * one with another option has.
 */
describe.each(pairs().map((majors) => ({ majors, name: `${majors.local}→${majors.remote}` })))('the options of IMPORT FOREIGN SCHEMA mean the same in a spec, $name', ({ majors }) => {
  let fixture: Shop;
  let place: Workplace;
  beforeAll(async () => {
    fixture = await shop(majors);
    await fixture.local.query(`CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; ${shopTypes}`);
    place = await workplace(fixture.local.url, { PASSWORD: fixture.remote.cluster.password });
    const imports = ways.map((options, index) => {
      const said = Object.entries(options).map(([name, value]) => `import_${name} '${String(value)}'`);
      return `CREATE SCHEMA way_${index}; IMPORT FOREIGN SCHEMA shop EXCEPT (nothing) FROM SERVER ${ident(fixture.server)} INTO way_${index}${said.length === 0 ? '' : ` OPTIONS (${said.join(', ')})`}`;
    });
    await fixture.local.query(imports.join(';\n'));
  });
  afterAll(async () => {
    await place[Symbol.asyncDispose]();
    await fixture[Symbol.asyncDispose]();
  });

  /** Plans with each way's options as `say` gives them. */
  async function planned(say: (options: Options) => Options): Promise<readonly string[]> {
    const { host, port, dbname } = fixture.serverOptions;
    await place.write(`version: 1
servers:
  ${fixture.server}: {options: {host: ${host}, port: ${port}, dbname: ${dbname}}, user_mappings: {public: {user: ${fixture.remote.cluster.user}, password: {env: PASSWORD}}}}
schemas:
${ways.map((options, index) => `  way_${index}: {server: '${fixture.server}', remote_schema: shop, tables: {except: [nothing]}, import: ${JSON.stringify(say(options))}}\n`).join('')}`);
    return changesOf(await place.plan());
  }

  it('all sixteen ways to say them, and none', async () => {
    expect(await planned((options) => options)).toEqual([]);
  });

  it.each(names)('another %s is a change everywhere', async (name) => {
    const changes = await planned((options) => ({ ...options, [name]: !(options[name] ?? own[name]) }));
    expect(new Set(changes.map((change) => /way_\d+/.exec(change)?.[0])).size).toBe(ways.length);
  });
});
