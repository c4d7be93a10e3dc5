import { sensitive } from '../base/secret.ts';
import type { Aside, Change, ServerReplacement, ColumnChange, ColumnNumber, OptionChange, Parting } from '../model/change.ts';
import type { CheckChange } from '../model/check.ts';
import type { ColumnGrantChange } from '../model/column-grant.ts';
import type { FacetChange } from '../model/facets.ts';
import { addressOf, roleName } from './address.ts';
import { typeDetails } from './type-details.ts';
import type { Wrapper, WrapperFunction } from '../model/objects.ts';
import type { Column } from '../model/column.ts';
import type { OptionValue } from '../model/option.ts';
import { sameFunction } from '../model/wrapper-function.ts';
import { qualified } from '../sql/quote.ts';

/** What differs, a line each, without secrets. Drops have none, and creations only what they take from other tables: their DDL says it all. */
export function detailsOf(change: Change): readonly string[] {
  switch (change.action) {
    case 'create':
      return (change.leave ?? []).map(partingDetail);
    case 'drop':
      return [];
    case 'replace':
      return change.kind === 'server' ? replacementDetails(change) : [...(change.leave ?? []).map(partingDetail), `server: ${change.before.server} -> ${change.after.server}`, ...(change.aside ?? []).map(asideDetail)];
    case 'update':
      return updateDetails(change);
  }
}

function replacementDetails({ before, after, options, gone, back, aside = [] }: ServerReplacement): readonly string[] {
  const returning = new Set(back.map(addressOf));
  return [
    ...(before.renamedFrom === undefined ? [] : difference('name', before.renamedFrom, after.name)),
    ...difference('wrapper', before.wrapper, after.wrapper),
    ...difference('type', before.type, after.type),
    ...difference('version', before.version, after.version),
    ...options.map(optionDetail),
    ...gone.map(addressOf).map((address) => `${address}: ${returning.has(address) ? 'dropped and created again' : 'dropped'}`),
    ...aside.map(asideDetail),
  ];
}

function updateDetails(change: Extract<Change, { action: 'update' }>): readonly string[] {
  switch (change.kind) {
    case 'extension':
      return [...difference('schema', change.before.schema, change.after.schema), ...difference('version', change.before.version, change.after.version)];
    case 'wrapper':
      return [...functionDetails(change.before, change.after), ...change.options.map(optionDetail), ...change.facets.map(facetDetail)];
    case 'server':
      return [...(change.before.renamedFrom === undefined ? [] : difference('name', change.before.renamedFrom, change.after.name)), ...difference('version', change.before.version, change.after.version), ...change.options.map(optionDetail), ...change.facets.map(facetDetail)];
    case 'schema':
      return change.facets.map(facetDetail);
    case 'user-mapping':
      return change.options === 'rewrite' ? ['options: hidden from this role, all written anew'] : change.options.map(optionDetail);
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return [...typeDetails(change), ...change.facets.map(facetDetail)];
    case 'partitioned-table':
      return [...change.columns.flatMap(columnDetails), ...change.detach.map((partition) => `partition ${qualified(partition)}: detached, gets other bounds`), ...change.facets.map(facetDetail)];
    case 'foreign-table':
      return [...(change.leave ?? []).map(partingDetail), ...renameDetails(change), ...change.options.map(optionDetail), ...change.columns.flatMap(columnDetails), ...change.checks.map(checkDetail), ...change.facets.map(facetDetail), ...change.columnGrants.map(columnGrantDetail), ...(change.inherit ?? []).map((parent) => `inherits from ${qualified(parent)}`), ...(change.inheritAgain ?? []).map((parent) => `inherits from ${qualified(parent)} again`), ...(change.attach === undefined ? [] : [`partition of ${qualified(change.attach.parent)}: ${change.attach.bound}`])];
  }
}

function functionDetails(before: Wrapper | undefined, after: Wrapper): readonly string[] {
  return (['handler', 'validator'] as const).flatMap((key) => {
    const [now, wanted] = [before?.definition?.[key], after.definition?.[key]];
    return sameFunction(wanted, now) ? [] : [`${key}: ${functionText(now)} -> ${functionText(wanted)}`];
  });
}

function functionText(named: WrapperFunction | undefined): string {
  return named === undefined || named === 'none' ? 'none' : qualified(named);
}

function difference(what: string, before: string | undefined, after: string | undefined): readonly string[] {
  return after === undefined || before === after ? [] : [`${what}: ${before ?? 'none'} -> ${after}`];
}

function facetDetail(change: FacetChange): string {
  switch (change.facet) {
    case 'owner':
      return `owner: ${change.before ?? 'none'} -> ${change.after}`;
    case 'comment':
      return change.after === '' ? 'comment: removed' : 'comment: changed';
    case 'grant':
      return `${change.privilege}: granted to ${roleName(change.role)}`;
    case 'revoke':
      return `${change.privilege}: revoked from ${roleName(change.role)}${grantedBy(change.grantor)}`;
  }
}

function renameDetails({ after, renamedFrom }: Extract<Change, { action: 'update'; kind: 'foreign-table' }>): readonly string[] {
  return renamedFrom === undefined ? [] : [`name: ${qualified(renamedFrom)} -> ${qualified(after)}`];
}

function partingDetail({ table, parent, partition, returns }: Parting): string {
  const [name, from] = [qualified(table), qualified(parent)];
  if (partition) return `partition ${name}: detached from ${from}${returns ? ', gets other bounds' : ''}`;
  return `${name}: ${returns ? `does not inherit from ${from} while that changes` : `no longer inherits from ${from}`}`;
}

function asideDetail({ heir, what, again }: Aside): string {
  return `${what} ${qualified(heir)}: does not inherit from ${qualified(again)} while that is replaced`;
}

function checkDetail(change: CheckChange): string {
  switch (change.kind) {
    case 'add-check':
      return `check ${change.check.name}: added, ${change.check.expression}`;
    case 'drop-check':
      return `check ${change.name}: dropped`;
    case 'validate-check':
      return `check ${change.name}: validated`;
  }
}

function columnGrantDetail({ verb, privilege, role, columns, grantor }: ColumnGrantChange): string {
  return `${privilege} (${columns.join(', ')}): ${verb === 'grant' ? 'granted to' : 'revoked from'} ${roleName(role)}${grantedBy(grantor)}`;
}

function grantedBy(grantor: string | undefined): string {
  return grantor === undefined ? '' : ` as ${grantor}, which granted it`;
}

function optionDetail(change: OptionChange): string {
  switch (change.verb) {
    case 'add':
      return `option ${change.option.name}: added, ${shown(change.option.value)}`;
    case 'set':
      return `option ${change.option.name}: ${shown(change.before)} -> ${shown(change.option.value)}`;
    case 'drop':
      return `option ${change.name}: dropped`;
  }
}

function shown(value: OptionValue): string {
  return value.kind === 'text' ? `'${value.text}'` : sensitive;
}

function columnDetails(change: ColumnChange): readonly string[] {
  switch (change.kind) {
    case 'add-column':
      return [`column ${change.column.name}: added, ${change.column.type}`];
    case 'drop-column':
      return [`column ${change.name}: dropped`];
    case 'rename-column':
      return [`column ${change.from}: renamed to ${change.name}`];
    case 'set-type':
      return [`column ${change.after.name}: ${typeText(change.before)} -> ${typeText(change.after)}`];
    case 'set-not-null':
      return [`column ${change.name}: ${change.notNull ? 'NOT NULL' : 'nullable'}`];
    case 'set-default':
      return [`column ${change.name}: default ${change.before ?? 'none'} -> ${change.after ?? 'none'}`];
    case 'set-expression':
      return [`column ${change.name}: generated as ${change.before.expression} -> ${change.after.expression}`];
    case 'drop-expression':
      return [`column ${change.name}: no longer generated`];
    case 'set-identity':
      return [`column ${change.name}: identity ${change.before ?? 'none'} -> ${change.after ?? 'none'}`];
    case 'set-number':
      return [`column ${change.name}: ${numberNames[change.setting]} ${shownNumber(change.setting, change.before)} -> ${shownNumber(change.setting, change.after)}`];
    case 'set-storage':
      return [`column ${change.name}: storage ${change.before === undefined ? '' : `${change.before.mode} `}-> ${change.after.mode}`];
    case 'set-column-comment':
      return [`column ${change.name}: comment ${change.after === '' ? 'removed' : 'changed'}`];
    case 'set-options':
      return change.options.map((option) => `column ${change.name}: ${optionDetail(option)}`);
  }
}

const numberNames: Readonly<Record<ColumnNumber, string>> = { statistics: 'statistics', nDistinct: 'n_distinct', nDistinctInherited: 'n_distinct_inherited' };

function shownNumber(setting: ColumnNumber, value: number | undefined): string {
  return value === undefined || value === (setting === 'statistics' ? -1 : 0) ? 'default' : String(value);
}

function typeText(column: Column): string {
  return column.collation === undefined ? column.type : `${column.type} collate ${column.collation.schema}.${column.collation.name}`;
}
