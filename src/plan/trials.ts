import type { Change, OptionChange } from '../model/change.ts';
import { objectOf } from '../model/change.ts';
import { identityOf } from '../model/identity.ts';
import type { DatabaseState, UserMapping } from '../model/objects.ts';
import type { Trial } from '../model/trial.ts';
import { addressOf } from './address.ts';

/**
 * The user mappings that changes may have broken: those that are made or changed themselves, and all of a server that leads
 * elsewhere now, also those that the spec does not name.
 */
export function trialsOf(changes: readonly Change[], desired: DatabaseState, actual: DatabaseState): readonly Trial[] {
  const touched = new Map(changes.filter(({ action }) => action !== 'drop').map((change) => [identityOf(objectOf(change)), addressOf(objectOf(change))]));
  const moved = new Map(changes.filter(leadsElsewhere).map((change) => [objectOf(change), addressOf(objectOf(change))] as const).flatMap(([object, address]) => (object.kind === 'server' ? [[object.name, address] as const] : [])));
  const gone = new Set(changes.filter(({ action }) => action === 'drop').map((change) => identityOf(objectOf(change))));
  const named = new Set(desired.userMappings.map(identityOf));
  const others = actual.userMappings.filter((mapping) => !named.has(identityOf(mapping)) && !gone.has(identityOf(mapping)));
  const trial = (listed: boolean) => (mapping: UserMapping): readonly Trial[] => {
    const after = [touched.get(identityOf(mapping)), moved.get(mapping.server)].filter((address) => address !== undefined);
    return after.length === 0 ? [] : [{ server: mapping.server, role: mapping.role, listed, after }];
  };
  return [...desired.userMappings.flatMap(trial(true)), ...others.flatMap(trial(false))];
}

/** Whether a server is connected to in another way after the change, as far as its options tell. */
function leadsElsewhere(change: Change): boolean {
  if (change.action === 'replace') return true;
  return change.action === 'update' && change.kind === 'server' && change.options.some((option) => !onlyForQueries.has(optionName(option)));
}

function optionName(change: OptionChange): string {
  return change.verb === 'drop' ? change.name : change.option.name;
}

/* Options of postgres_fdw that no connection depends on (postgresql.org/docs/18/postgres-fdw.html, 14 to 18). */
const onlyForQueries: ReadonlySet<string> = new Set([
  'fetch_size', 'batch_size', 'use_remote_estimate', 'fdw_startup_cost', 'fdw_tuple_cost', 'extensions', 'updatable', 'truncatable', 'async_capable',
  'analyze_sampling', 'keep_connections', 'parallel_commit', 'parallel_abort',
]);
