import type { Difference, Obstacle, ServerReplacement } from '../model/change.ts';
import { identityOf } from '../model/identity.ts';
import type { ActualState, DesiredState, FdwObject, ForeignTable, Server, UserMapping } from '../model/objects.ts';
import { heirsFirst, parentsFirst } from '../model/parents-first.ts';
import { replacedServers, replaces } from '../model/replaced-servers.ts';
import { diffFacets } from './facets.ts';
import { replacement, withUnmanagedFacets } from './foreign-table.ts';
import { type Comparison, diffOptions } from './options.ts';

/** What turns the actual server into the desired one by ALTER. */
export function diffServer(after: Server, before: Server, comparison: Comparison): Partial<Difference> {
  const options = diffOptions(after.options, before.options, comparison);
  const facets = diffFacets(after, before);
  const same = before.renamedFrom === undefined && options.length === 0 && facets.length === 0 && (after.version === undefined || after.version === before.version);
  return same ? {} : { changes: [{ action: 'update', kind: 'server', before, after, options, facets }] };
}

/** Servers that are replaced, and what goes and comes back with them, which is then no change of its own. */
export interface ServerReplacements {
  readonly difference: Pick<Difference, 'changes' | 'impossible'>;
  /** The identities of all of it. */
  readonly covered: ReadonlySet<string>;
}

/**
 * A server whose type or wrapper changes: SQL has no ALTER for either, and no statement that drops a server with something on it.
 * So its user mappings and foreign tables go with it, and come back as the spec wants them.
 *
 * @param desired with what else is on such servers (`withCarried`)
 * @param actual under the new names already (`withRenames`)
 */
export function diffReplacedServers(desired: DesiredState, actual: ActualState, comparisonOf: (object: FdwObject) => Comparison): ServerReplacements {
  const replaced = new Set(replacedServers(desired, actual));
  if (replaced.size === 0) return { difference: { changes: [], impossible: [] }, covered: new Set() };
  const changes: ServerReplacement[] = [];
  const impossible: Difference['impossible'][number][] = [];
  const present = new Map(actual.servers.map((server) => [server.name, server]));
  const tables = new Map(actual.foreignTables.map((table) => [identityOf(table), table]));
  for (const after of desired.servers) {
    const before = present.get(after.name);
    if (before === undefined || !replaces(after, before)) continue;
    const gone = [...actual.userMappings, ...heirsFirst(actual.foreignTables)].filter(({ server }) => server === after.name);
    const mappings = desired.userMappings.filter(({ server }) => server === after.name);
    const back = desired.foreignTables.flatMap((table): readonly ForeignTable[] => {
      const old = tables.get(identityOf(table));
      if (old?.server !== after.name) return [];
      if (table.server !== after.name && replaced.has(table.server)) impossible.push(betweenTwo(table));
      return [replacement(table, old)];
    });
    impossible.push(...mappings.flatMap(unwritable));
    const server = withUnmanagedFacets({ ...after, type: after.type ?? before.type, version: after.version ?? before.version }, before);
    changes.push({ action: 'replace', kind: 'server', before, after: server, options: diffOptions(after.options, before.options, comparisonOf(after)), gone, back: [...mappings, ...parentsFirst(back)] });
  }
  return { difference: { changes, impossible }, covered: new Set(changes.flatMap(({ after, gone, back }) => [after, ...gone, ...back].map(identityOf))) };
}

/** Why a user mapping could not be made again: a value that this role may not see, or that no plan may hold. */
function unwritable(object: UserMapping): readonly (Obstacle & { readonly todo: string })[] {
  const { options } = object;
  const todo = 'Name it under `user_mappings` of the server, with its secrets as references; or drop it by hand where nobody needs it.';
  if (options === 'unknown') return [{ object, message: 'its server is replaced, and its options are hidden from this role: it could not come back', todo }];
  const secret = options.find(({ value }) => value.kind === 'secret');
  return secret === undefined ? [] : [{ object, message: `its server is replaced, and the spec does not say where its ${secret.name} comes from: it could not come back`, todo }];
}

function betweenTwo(object: ForeignTable): Obstacle & { readonly todo: string } {
  return { object, message: 'it moves from one server to another, and both are replaced', todo: 'Move the table in an apply of its own, before or after.' };
}
