import type { Change, ColumnChange, OptionChange, ServerReplacement } from '../model/change.ts';
import type { ColumnGrantChange } from '../model/column-grant.ts';
import type { Families } from '../model/family.ts';
import type { FacetChange } from '../model/facets.ts';
import { sameMeaning } from '../model/option-meaning.ts';
import type { FdwObject } from '../model/objects.ts';
import type { AttributeChange } from '../model/type-change.ts';
import { ident, literal, qualified } from '../sql/quote.ts';
import { roleName } from './address.ts';
import { lockHazards } from './lock-hazards.ts';
import { parentHazards } from './parent-hazards.ts';
import type { Hazard } from './types.ts';

/** What a change may hurt by itself, whatever stands on its object. */
export function hazardsOf(change: Change, families: Families): readonly Hazard[] {
  return [...ownHazards(change), ...parentHazards(change), ...lockHazards(change, families)];
}

function ownHazards(change: Change): readonly Hazard[] {
  if (change.action === 'replace') {
    if (change.kind === 'server') return serverReplaced(change);
    return [
      {
        id: 'table-replaced',
        message: 'SQL cannot move a foreign table to another server: it is dropped and created again with all that hangs on it, and has another OID then.',
      },
    ];
  }
  if (change.action === 'drop') return dropHazards(change.object);
  if (change.action !== 'update') return [];
  switch (change.kind) {
    case 'server':
      return [...writeHazards(change.options), ...accessHazards(change.facets)];
    case 'schema':
      return accessHazards(change.facets);
    case 'foreign-table':
      return [...columnHazards(change.columns), ...writeHazards(change.options), ...accessHazards(change.facets), ...columnAccessHazards(change.columnGrants)];
    case 'partitioned-table':
      return [...columnHazards(change.columns), ...accessHazards(change.facets)];
    case 'enum':
      return [...accessHazards(change.facets), ...change.changes.flatMap((label): readonly Hazard[] =>
        label.kind === 'rename-label' ? [{ id: 'label-renamed', message: `Queries that name label ${literal(label.before)} will fail: it becomes ${literal(label.after)}.` }] : [],
      )];
    case 'composite':
      return [...accessHazards(change.facets), ...change.changes.flatMap(attributeHazards)];
    case 'domain':
    case 'range':
      return accessHazards(change.facets);
    default:
      return [];
  }
}

function serverReplaced({ before, after, gone }: ServerReplacement): readonly Hazard[] {
  const tables = gone.filter((object) => object.kind === 'foreign-table');
  const mappings = gone.length - tables.length;
  const what = before.wrapper === after.wrapper ? 'type' : 'wrapper';
  const along = [...(mappings > 0 ? [count(mappings, 'user mapping')] : []), ...(tables.length > 0 ? [count(tables.length, 'foreign table')] : [])].join(' and ');
  return [
    { id: 'server-replaced', message: `SQL cannot alter a server's ${what}: it is dropped and created again${along === '' ? '' : `, and with it ${along} and all that hangs on them`}.` },
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function dropHazards(object: FdwObject): readonly Hazard[] {
  switch (object.kind) {
    case 'partitioned-table':
      return [{ id: 'object-dropped', message: `Queries that name ${qualified(object)} will fail.` }];
    case 'foreign-table':
      return [{ id: 'object-dropped', message: `Queries that name ${qualified(object)} will fail. The data stays on the remote.` }];
    case 'user-mapping':
      return [{ id: 'access-lost', message: `${roleName(object.role)} can no longer use server ${ident(object.server)}${object.role.kind === 'public' ? '' : ', unless PUBLIC has a user mapping'}.` }];
    default:
      return [{ id: 'object-dropped', message: 'The spec says that it shall be absent.' }];
  }
}

function attributeHazards(change: AttributeChange): readonly Hazard[] {
  switch (change.kind) {
    case 'drop-attribute':
      return [{ id: 'attribute-dropped', message: `Queries that name attribute ${change.name} will fail, and rows of local tables lose it.` }];
    case 'set-type':
      return [{ id: 'type-changed', message: `Attribute ${change.after.name} will be read as ${change.after.type}.` }];
    case 'add-attribute':
      return [];
  }
}

function columnHazards(changes: readonly ColumnChange[]): readonly Hazard[] {
  return changes.flatMap((column): readonly Hazard[] => {
    switch (column.kind) {
      case 'drop-column':
        return [{ id: 'column-dropped', message: comesBack(column.name, changes) ? `Column ${column.name} is dropped and added again: no ALTER gets it there.` : `Queries that name column ${column.name} will fail.` }];
      case 'set-type':
        return [{ id: 'type-changed', message: `Column ${column.after.name} will be read as ${column.after.type}.` }];
      case 'set-not-null':
        return column.notNull
          ? [{ id: 'not-null-promised', message: `The planner will believe that ${column.name} is never NULL; nothing here checks it.` }]
          : [];
      default:
        return [];
    }
  });
}

function comesBack(name: string, changes: readonly ColumnChange[]): boolean {
  return changes.some((change) => change.kind === 'add-column' && change.column.name === name);
}

/** What postgres_fdw reads as false: no write reaches the remote (contrib/postgres_fdw/postgres_fdw.c, postgresIsForeignRelUpdatable, 14 to 18). */
function writeHazards(changes: readonly OptionChange[]): readonly Hazard[] {
  return changes.flatMap((change) => {
    if (change.verb === 'drop' || change.option.value.kind !== 'text' || !sameMeaning('postgres_fdw', change.option.name, change.option.value.text, 'false')) return [];
    const refused = writesBehind[change.option.name];
    return refused === undefined ? [] : [{ id: 'write-refused', message: `${refused} will be refused.` }];
  });
}

const writesBehind: Readonly<Record<string, string>> = { updatable: 'INSERT, UPDATE and DELETE', truncatable: 'TRUNCATE' };

function accessHazards(changes: readonly FacetChange[]): readonly Hazard[] {
  const lost = changes.flatMap((change): readonly Hazard[] => {
    switch (change.facet) {
      case 'revoke':
        return change.keeps === true ? [] : [{ id: 'access-lost', message: `${roleName(change.role)} loses ${change.privilege}.` }];
      case 'owner':
        return change.before === undefined ? [] : [{ id: 'access-lost', message: `${roleName({ kind: 'role', name: change.before })} no longer owns it.` }];
      default:
        return [];
    }
  });
  return once(lost);
}

function columnAccessHazards(changes: readonly ColumnGrantChange[]): readonly Hazard[] {
  const lost = changes.flatMap(({ verb, privilege, role, columns, keeps }): readonly Hazard[] =>
    verb === 'grant' || keeps === true ? [] : [{ id: 'access-lost', message: `${roleName(role)} loses ${privilege} on ${columns.map(ident).join(', ')}.` }],
  );
  return once(lost);
}

/* What two roles have granted is lost once. */
function once(hazards: readonly Hazard[]): readonly Hazard[] {
  return [...new Map(hazards.map((hazard) => [hazard.message, hazard])).values()];
}
