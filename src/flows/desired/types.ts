import type { Reveal } from '../../apply/run-statement.ts';
import type { SourceSpan } from '../../base/source.ts';
import { SpecError } from '../../base/spec-error.ts';
import type { Import } from '../../desired/import.ts';
import { whyUnmade } from '../../desired/types/build-type.ts';
import { type LocalSituation, type LocalTypes, type TypeNames, withParts } from '../../desired/types/local-types.ts';
import { neededExtensions, nextTypes, presentType, type TypeToMake } from '../../desired/types/needed-types.ts';
import { typeNotices, userOf } from '../../desired/types/type-notices.ts';
import { diff } from '../../diff/diff.ts';
import { diffType } from '../../diff/types/type.ts';
import { objectOf } from '../../model/change.ts';
import { objectsOf, withObjects } from '../../model/database-state.ts';
import { identityOf } from '../../model/identity.ts';
import { nameKey } from '../../model/name.ts';
import type { ActualState, DatabaseState, Extension, Schema } from '../../model/objects.ts';
import type { RemoteTypeUse } from '../../model/remote-type.ts';
import { isType, type UserType } from '../../model/user-types.ts';
import { addressOf } from '../../plan/address.ts';
import type { Notice } from '../../plan/types.ts';
import type { Session } from '../../postgres/session.ts';
import { canonicalDomains, type DraftType } from './canonical-domains.ts';
import { type LocalExpression, localExpressions } from './local-expressions.ts';
import { rehearse } from './rehearse.ts';
import { situationOf } from './situation.ts';
import { resolveTypes, type TypeResolver } from './type-resolver.ts';

/** An import with what its types are called here. */
export interface NamedImport extends Import {
  readonly names: TypeNames;
  /** Why a type without a name could not be made, in words. */
  readonly whyUnmade: (use: RemoteTypeUse) => string | undefined;
  readonly localExpression: LocalExpression;
}

/** A state with the types that imports need. */
export interface WithTypes {
  readonly state: DatabaseState;
  readonly named: readonly NamedImport[];
  readonly notices: readonly Notice[];
}

/** An import on the way to having all its types. */
interface Work {
  readonly one: Import;
  readonly situation: LocalSituation;
  readonly chosen: Map<string, keyof LocalTypes>;
  resolver: TypeResolver;
}

/**
 * The base with the extensions and types that imported columns need, rehearsed too: level by level, as a type can only be
 * named in another one when it is there.
 * @throws SpecError where a type cannot be made here, or not be made what it is on the remote
 */
export async function addTypes(session: Session, base: DatabaseState, actual: ActualState, imports: readonly Import[], reveal: Reveal): Promise<WithTypes> {
  const works: Work[] = [];
  const here = { ...actual, types: [...base.types, ...actual.types] };
  for (const one of imports) works.push(begin(one, here, await resolveTypes(session, one)));
  const places = new Map<string, SourceSpan>();
  const notices = new Map<string, Notice>();
  const rehearsed = new Set(objectsOf(base).map(identityOf));
  let state = base;
  let fresh: readonly (Schema | Extension | UserType)[] = works.flatMap(({ one, resolver }) => place(neededExtensions(one, resolver.candidates), one, places));
  for (;;) {
    state = withObjects(state, fresh);
    const difference = diff(state, actual, reveal);
    const impossible = difference.impossible.filter(({ object }) => isType(object));
    if (impossible.length > 0) throw new SpecError(impossible.map(({ object, message, todo }) => ({ message: `${addressOf(object)}: ${message}`, at: places.get(identityOf(object)), hint: todo })));
    const changes = difference.changes.filter((change) => !rehearsed.has(identityOf(objectOf(change))));
    for (const object of objectsOf(state)) rehearsed.add(identityOf(object));
    await rehearse(session, changes, reveal, (object) => places.get(identityOf(object)));
    // What was missing before has a name now.
    if (changes.length > 0) for (const work of works) work.resolver = await resolveTypes(session, work.one);
    const level: (Schema | UserType)[] = [];
    let decided = false;
    for (const work of works) {
      const todo = nextTypes(work.one, work.resolver.candidates, work.resolver.names(work.chosen), work.situation, work.chosen);
      const made = await decide(session, work, todo);
      decided ||= todo.length > 0;
      level.push(...place(made.flatMap((type): (Schema | UserType)[] => [{ kind: 'schema', name: type.schema }, type]), work.one, places));
      for (const [index, { type }] of todo.entries()) {
        const object = made[index];
        const address = object && addressOf(object);
        for (const message of typeNotices(type)) if (address !== undefined) notices.set(`${address} ${message}`, { address, message });
      }
    }
    if (!decided) return { state, named: await Promise.all(works.map(named)), notices: [...notices.values()] };
    fresh = level;
  }
}

/** What nothing is made for is chosen at once: all of it under `types: require`. */
function begin(one: Import, actual: ActualState, resolver: TypeResolver): Work {
  const situation = withParts(situationOf(actual, one), one.remote.types, resolver.candidates);
  const chosen = new Map<string, keyof LocalTypes>();
  for (const type of one.remote.types) {
    const makes = one.schema.types === 'create' && type.kind !== 'base' && !(type.kind === 'composite' && type.rowType) && !(type.kind === 'range' && type.canonical?.builtin === false);
    const choice = makes || type.extension !== undefined ? undefined : presentType(type, resolver.candidates(type), situation);
    if (choice !== undefined) chosen.set(nameKey(type), choice);
  }
  return { one, situation, chosen, resolver };
}

function place<T extends Schema | Extension | UserType>(objects: readonly T[], { schema }: Import, places: Map<string, SourceSpan>): readonly T[] {
  for (const object of objects) if (!places.has(identityOf(object))) places.set(identityOf(object), schema.name.at);
  return objects;
}

/** Chooses a name for each type: that of a local one which is the very same, else the one in the imported schema. */
async function decide(session: Session, { one, situation, chosen }: Work, todo: readonly TypeToMake[]): Promise<readonly UserType[]> {
  const texts = todo.flatMap(({ type }) => (type.kind === 'domain' ? [...(type.default === undefined ? [] : [type.default]), ...type.checks.map(({ expression }) => expression)] : []));
  const local = await localExpressions(one, chosen, texts);
  const drafts = todo.map(({ type, same, mapped }): DraftType => {
    const object = mapped ?? same;
    if (object === undefined) throw new Error('a type to make has a name');
    return { type: withExpressions(object, local), at: one.schema.name.at, what: `type ${type.schema}.${type.name}${userOf(type, one.remote)}`, hint: 'Create here what it names, or create the domain by hand and set `types: require`.' };
  });
  const canonical = await canonicalDomains(session, drafts);
  return todo.flatMap(({ type, same, mapped }, index): readonly UserType[] => {
    const object = canonical[index];
    if (object === undefined) return [];
    const under = same === undefined ? undefined : renamed(object, same);
    const present = situation.types.get(nameKey(type));
    const isSame = under !== undefined && (mapped === undefined || (present !== undefined && Object.keys(diffType(under, present)).length === 0));
    chosen.set(nameKey(type), isSame ? 'same' : 'mapped');
    return [isSame ? under : object];
  });
}

function withExpressions(type: UserType, local: LocalExpression): UserType {
  if (type.kind !== 'domain') return type;
  return { ...type, default: type.default && local(type.default), checks: type.checks?.map(({ name, expression }) => ({ name, expression: local(expression) })) };
}

/** The same type under the other name. */
function renamed(type: UserType, to: UserType): UserType {
  if (type.kind === 'range' && to.kind === 'range') return { ...type, schema: to.schema, name: to.name, multirange: to.multirange };
  return { ...type, schema: to.schema, name: to.name };
}

async function named({ one, chosen, resolver }: Work): Promise<NamedImport> {
  const names = resolver.names(chosen);
  const types = new Map(one.remote.types.map((type) => [nameKey(type), type]));
  const columns = one.remote.relations.flatMap((relation) => relation.columns);
  const texts = columns.flatMap((column) => [column.default, column.generated].filter((text) => text !== undefined));
  return { ...one, names, whyUnmade: (use) => whyUnmade(use, types, names), localExpression: await localExpressions(one, chosen, texts) };
}
