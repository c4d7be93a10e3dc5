import { Pair, Scalar } from 'yaml';
import type { Check } from '../model/check.ts';
import type { ForeignTable } from '../model/objects.ts';
import { tablePrivileges } from '../model/privileges.ts';
import { columnNode } from './columns.ts';
import { columnGrantPairs, facetPairs, grantPair } from './facets.ts';
import { blockMap, flowMap, optionPairs } from './options.ts';
import { ownChecks, parentPairs } from './parents.ts';
import { dottedName, keyNode, textNode } from './texts.ts';
import type { PartitionFacts } from './types.ts';
import type { Variables } from './variables.ts';

/** A foreign table, spelled out. */
export function tablePair(table: ForeignTable, bounds: PartitionFacts['bounds'], role: string, variables: Variables): Pair {
  const named = [table.schema, table.name];
  const grants = tablePrivileges.flatMap((privilege) => (table.grants ?? []).filter((grant) => grant.privilege === privilege));
  return new Pair(
    keyNode(dottedName(table)),
    blockMap([
      new Pair(new Scalar('server'), textNode(table.server)),
      ...(table.options.length === 0 ? [] : [new Pair(new Scalar('options'), blockMap(optionPairs(table.options, { references: 'text', named }, variables)))]),
      ...facetPairs(table, role),
      ...(grants.length === 0 ? [] : [new Pair(new Scalar('grants'), blockMap(grants.map((grant) => grantPair(grant))))]),
      ...columnGrantPairs(table.columnGrants ?? []),
      ...parentPairs(table, bounds),
      ...(ownChecks(table).length === 0 ? [] : [new Pair(new Scalar('checks'), blockMap(ownChecks(table).map(checkPair)))]),
      new Pair(new Scalar('columns'), blockMap(table.columns.map((column) => new Pair(keyNode(column.name), columnNode(column, named, variables))))),
    ]),
  );
}

/** `positive: amount > 0` where that says it all. */
export function checkPair({ name, expression, noInherit, notValid, notEnforced }: Check): Pair {
  const said = [['no_inherit', noInherit], ['not_valid', notValid], ['not_enforced', notEnforced]] as const;
  const words = said.flatMap(([word, is]) => (is ? [new Pair(new Scalar(word), new Scalar(true))] : []));
  return new Pair(keyNode(name), words.length === 0 ? textNode(expression) : flowMap([new Pair(new Scalar('check'), textNode(expression)), ...words]));
}
