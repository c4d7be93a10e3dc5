import type { Change } from '../model/change.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey } from '../model/name.ts';
import type { ForeignTable, Server } from '../model/objects.ts';
import type { Rebuild } from '../model/rebuild.ts';

/** What an object that is dropped and created again becomes. */
export interface Returning {
  readonly object: ForeignTable | Server;
  /** Its columns by their former names. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** What a change drops and creates again, by what it is now. */
export function returning(change: Change): ReadonlyMap<string, Returning> {
  if (change.action !== 'replace') return new Map();
  if (change.kind === 'foreign-table') return new Map([[tableKey(change.before), returningTable(change.before, change.after)]]);
  const back = new Map(change.back.map((object) => [identityOf(object), object]));
  const { name, renamedFrom = name } = change.before;
  const tables = change.gone.flatMap((object): readonly (readonly [string, Returning])[] => {
    const after = back.get(identityOf(object));
    return object.kind === 'foreign-table' && after?.kind === 'foreign-table' ? [[tableKey(object), returningTable(object, after)]] : [];
  });
  return new Map([[keyOf({ kind: 'server', schema: '', name: renamedFrom }), { object: change.after, renamed: new Map() }], ...tables]);
}

function returningTable(before: ForeignTable, object: ForeignTable): Returning {
  return { object, renamed: new Map(before.columns.flatMap(({ name, renamedFrom }) => (renamedFrom === undefined ? [] : [[renamedFrom, name]]))) };
}

function tableKey(table: ForeignTable): string {
  return keyOf({ kind: 'foreign table', ...(table.renamedFrom ?? { schema: table.schema, name: table.name }) });
}

/** A key of what is made again. */
export function keyOf({ kind, schema, name }: Pick<Rebuild, 'kind' | 'schema' | 'name'>): string {
  return `${kind}\0${nameKey({ schema, name })}`;
}
