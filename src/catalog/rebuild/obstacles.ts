import type { Rebuild } from '../../model/rebuild.ts';
import type { NotNullFacts, RelationFacts } from './facts.ts';
import { grantorObstacles } from './privileges.ts';

/** What of a relation would not come back as it is. */
export function obstaclesOf(facts: RelationFacts): readonly string[] {
  return facts.kind === 'f' ? [...common(facts), ...ofTable(facts)] : [...common(facts), ...ofView(facts)];
}

function common(facts: RelationFacts): readonly string[] {
  return [
    ...(facts.extension === null ? [] : [`it belongs to the extension ${facts.extension}`]),
    ...grantorObstacles(facts.grantors),
  ];
}

function ofView({ kind, columns, parts }: RelationFacts): readonly string[] {
  const states = parts.filter(({ enabled }) => enabled !== null && enabled !== 'O');
  return [
    ...(kind === 'm' ? columns.filter(({ storage }) => storage).map(({ name }) => `its column ${name} has a storage or a compression of its own`) : []),
    ...states.map(({ what, name }) => `its ${what} ${name} is disabled, or fires in some sessions only`),
  ];
}

function ofTable({ remarks, parts, sequences }: RelationFacts): readonly string[] {
  const rules = parts.filter(({ what }) => what === 'rule');
  return [
    ...remarks.filter(({ type }) => type !== 'c' && type !== 'n').map(({ name }) => `its constraint ${name} has a comment`),
    ...sequences.flatMap(({ column, grantors }) => grantorObstacles(grantors, `the sequence of its identity column ${column}`)),
    ...rules.map(({ what, name }) => `it has the ${what} ${name}`),
  ];
}

/** What of a foreign table's columns would not come back as it is, where its parents make them. */
export function columnObstaclesOf({ otherwise, notNulls, stricter }: RelationFacts): Rebuild['columnObstacles'] {
  return [
    ...otherwise.map((name) => `its column ${name} has another default or NOT NULL than its parent's`),
    ...notNulls.filter(calledOtherwise).map(({ name }) => `its NOT NULL constraint ${name} has another name than its parent's`),
    ...(stricter ? ["a check of it is enforced or valid, and its parent's is not"] : []),
  ];
}

function calledOtherwise({ name, inherited, above }: NotNullFacts): boolean {
  return inherited && above !== null && above !== name;
}
