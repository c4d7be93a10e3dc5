import type { Reveal } from '../../apply/run-statement.ts';
import { type Problem, SpecError } from '../../base/spec-error.ts';
import { type SpelledType, partTexts, spelledType } from '../../desired/types/spelled-type.ts';
import { diff } from '../../diff/diff.ts';
import { objectOf } from '../../model/change.ts';
import { withObjects } from '../../model/database-state.ts';
import { identityOf } from '../../model/identity.ts';
import type { ActualState, DatabaseState } from '../../model/objects.ts';
import { isType } from '../../model/user-types.ts';
import { addressOf } from '../../plan/address.ts';
import type { Session } from '../../postgres/session.ts';
import { describeTypes } from '../../remote/type-texts.ts';
import type { SpecType } from '../../spec/types.ts';
import { canonicalDomains } from './canonical-domains.ts';
import { unmade } from './unmade-types.ts';
import { rehearse } from './rehearse.ts';

/**
 * The base with the types that the spec defines, rehearsed too: level by level, as a type can only be named when it is there.
 * @throws SpecError where one cannot be made, or not be made of what is there
 */
export async function spelledTypes(session: Session, specs: readonly SpecType[], base: DatabaseState, actual: ActualState, reveal: Reveal): Promise<DatabaseState> {
  let state = base;
  let left = specs;
  while (left.length > 0) {
    const made = await nextLevel(session, left);
    state = withObjects(state, made.map(({ type }) => type));
    await rehearseTypes(session, made, state, actual, reveal);
    const done = new Set(made.map(({ at }) => at));
    left = left.filter(({ name }) => !done.has(name.at));
  }
  return state;
}

/** Those whose parts are all there, in PostgreSQL's own words: at least one. What has expressions goes last, since these may name any other. */
async function nextLevel(session: Session, specs: readonly SpecType[]): Promise<readonly SpelledType[]> {
  const texts = await describeTypes(session, specs.flatMap(partTexts).map(({ value }) => value));
  const spelled = specs.map((spec) => spelledType(spec, (text) => texts.get(text) ?? { kind: 'none', why: 'it was not asked' }));
  const ready = spelled.filter(({ problems }) => problems.length === 0);
  const plain = ready.filter(({ type }) => type.kind !== 'domain');
  if (ready.length === 0) throw new SpecError(await unmade(specs, spelled.flatMap(({ problems }) => problems)));
  return plain.length > 0 ? plain : canonical(session, ready);
}

async function canonical(session: Session, domains: readonly SpelledType[]): Promise<readonly SpelledType[]> {
  const [first] = domains;
  try {
    const types = await canonicalDomains(session, domains.map(({ type, at }) => ({ type, at, what: addressOf(type), hint: 'Correct it, or create here what it names.' })));
    return domains.map((domain, index) => ({ ...domain, type: types[index] ?? domain.type }));
  } catch (error) {
    if (!(error instanceof SpecError) || first === undefined || domains.length === 1) throw error;
  }
  // One of them may name another, so that this must be there first.
  const made: SpelledType[] = [];
  const problems: Problem[] = [];
  for (const domain of domains) {
    try {
      made.push(...(await canonical(session, [domain])));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (made.length === 0) throw new SpecError(problems);
  return made;
}

async function rehearseTypes(session: Session, made: readonly SpelledType[], state: DatabaseState, actual: ActualState, reveal: Reveal): Promise<void> {
  const places = new Map(made.map(({ type, at }) => [identityOf(type), at]));
  const { changes, impossible } = diff(state, actual, reveal);
  const refused = impossible.filter(({ object }) => places.has(identityOf(object)));
  if (refused.length > 0) throw new SpecError(refused.map(({ object, message, todo }) => ({ message: `${addressOf(object)}: ${message}`, at: places.get(identityOf(object)), hint: todo })));
  const own = changes.filter((change): boolean => {
    const object = objectOf(change);
    return isType(object) && places.has(identityOf(object));
  });
  await rehearse(session, own, reveal, (object) => places.get(identityOf(object)));
}
