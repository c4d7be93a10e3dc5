import { SpecError } from '../../base/spec-error.ts';
import type { Difference } from '../../model/change.ts';
import { addressOf } from '../../plan/address.ts';
import type { Spec } from '../../spec/types.ts';
import { placeOf } from '../../desired/place-of.ts';

/** @throws SpecError `plan-impossible` at the objects that no statement brings to what the spec wants and keeps what is there */
export function refuseImpossible({ impossible }: Difference, spec: Spec): void {
  if (impossible.length === 0) return;
  const problems = impossible.map(({ object, message, todo }) => ({ message: `${addressOf(object)}: ${message}`, at: placeOf(object, spec), hint: todo }));
  throw new SpecError(problems, 'plan-impossible', 'The spec asks for changes that PostgreSQL has no statement for.');
}
