import { describe, expect, it } from 'vitest';
import { createDatabase, logOf, pair, startCluster, storyMajors, uniqueName } from '../servers/index.ts';
import { makeShop, shopServer } from '../scenarios/shop.ts';
import { workplace } from '../scenarios/flow.ts';

/* Everything that PostgreSQL can log about a statement, logged. */
const talkative = {
  log_statement: 'all',
  log_min_duration_statement: 0,
  log_duration: 'on',
  log_error_verbosity: 'verbose',
  log_parameter_max_length_on_error: -1,
  log_min_error_statement: 'debug5',
  track_activity_query_size: 10000,
};

describe.each(storyMajors().map((major) => ({ major })))('a secret on its way to a server that logs everything, major $major', ({ major }) => {
  it('leaves no trace in the log: not when it is created, compared, changed, nor when that fails', async () => {
    await using cluster = await startCluster({ major, settings: talkative });
    await using local = await createDatabase(cluster);
    await using servers = await pair();
    const reader = await makeShop(servers);
    const secret = `${uniqueName('planted')} with '"\\\t\n$1 %L signs`;
    await servers.remote.query(`ALTER ROLE ${reader.role} PASSWORD '${reader.password}'`);
    const env: Record<string, string> = { SHOP_PASSWORD: secret };
    await using place = await workplace(local.url, env);
    const spec = `version: 1\nextensions: [postgres_fdw]\n${shopServer({ ...servers, local }, reader)}`;
    await place.write(spec);
    await place.apply({ tryMappings: false }); // It is no password of the remote's.
    const [stored] = await local.query<{ umoptions: string[] }>('SELECT umoptions FROM pg_user_mappings');
    expect(stored?.umoptions).toContain(`password=${secret}`);

    env['SHOP_PASSWORD'] = `${secret}, changed`;
    const plan = await place.plan();
    expect(plan.changes.map(({ details }) => details)).toEqual([['option password: (sensitive) -> (sensitive)']]);
    await place.apply({ tryMappings: false });
    expect((await place.plan()).changes).toEqual([]);

    await place.write(spec.replace('user: ', 'nosuch: x, user: '));
    const failure: unknown = await place.apply({ tryMappings: false }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ problems: [{ message: expect.stringContaining('invalid option "nosuch"') as string }] });

    const traces = JSON.stringify([plan, failure, (failure as Error).stack]) + (await logOf(cluster));
    expect(traces.split('\n').filter((line) => line.includes(secret.slice(0, 15)))).toEqual([]);
    expect(traces.includes('EXECUTE pg_catalog.format')).toBe(true); // The log does hold the statements.
  });
});
