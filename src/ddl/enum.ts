import type { LabelAddition } from '../model/change.ts';
import type { EnumType } from '../model/objects.ts';
import { literal, qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';

export function createEnum(type: EnumType): readonly Statement[] {
  return [statement(`CREATE TYPE ${qualified(type)} AS ENUM (${type.labels.map(literal).join(', ')})`)];
}

/** One `ALTER TYPE … ADD VALUE` per label, each in its place. */
export function addLabels(type: EnumType, additions: readonly LabelAddition[]): readonly Statement[] {
  return additions.map(({ label, after }) => {
    const next = type.labels[type.labels.indexOf(label) + 1];
    const place = after !== undefined ? ` AFTER ${literal(after)}` : next === undefined ? '' : ` BEFORE ${literal(next)}`;
    return statement(`ALTER TYPE ${qualified(type)} ADD VALUE ${literal(label)}${place}`);
  });
}
