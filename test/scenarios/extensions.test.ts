import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

describe.each(majors().map((major) => ({ major })))('extensions, major $major', ({ major }) => {
  it('are created where they belong, moved, updated, and refused with what to do', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const plan = async (extensions: string): Promise<readonly string[]> => {
      await place.write(`version: 1\nextensions: ${extensions}\n`);
      return sqlOf(await place.plan());
    };
    expect(await plan('[earthdistance, cube, citext: {schema: ext, version: "1.4"}]')).toEqual([
      'CREATE SCHEMA ext',
      'CREATE EXTENSION cube',
      'CREATE EXTENSION earthdistance',
      "CREATE EXTENSION citext SCHEMA ext VERSION '1.4'",
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    expect(await plan('[citext: {schema: "my ext", version: "1.6"}]')).toEqual(['CREATE SCHEMA "my ext"', 'ALTER EXTENSION citext SET SCHEMA "my ext"', "ALTER EXTENSION citext UPDATE TO '1.6'"]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query("SELECT extversion, extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'citext'")).toEqual([{ extversion: '1.6', schema: '"my ext"' }]);

    await expect(plan('{citext: {version: "1.4"}, plpgsql: {schema: public}, cubes: , xml2: {version: "0"}}')).rejects.toMatchObject({
      problems: [
        { message: 'the extension `citext` cannot be updated from version `1.6` to `1.4`: that would be a downgrade, and it has no script for one' },
        { message: 'the extension `plpgsql` cannot be moved from the schema `pg_catalog` to `public`: it is not relocatable' },
        { message: 'the server has no extension `cubes`', hint: 'did you mean `cube`?' },
        { message: 'the server has no version `0` of the extension `xml2`' },
      ],
    });
  });
});
