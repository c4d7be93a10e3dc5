import type { Aside, Change, ServerReplacement } from '../model/change.ts';
import type { Families, FoundHeir } from '../model/family.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey, type QualifiedName, sameName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';

type Replacement = Extract<Change, { action: 'replace'; kind: 'foreign-table' }> | ServerReplacement;

/**
 * Changes with the heirs of what they drop and create again: those that the spec does not speak of step aside meanwhile, for nothing can be
 * dropped that others inherit from. Heirs that the spec gives their parents are parted by the diff already.
 *
 * @param families of the tables that are replaced, by the names that they have
 */
export function withAside(changes: readonly Change[], families: Families): readonly Change[] {
  const parted = new Set(changes.flatMap((change) => ('leave' in change ? (change.leave ?? []) : [])).map(({ table, parent }) => pairKey(table, parent)));
  return changes.map((change) => {
    if (change.action !== 'replace') return change;
    const aside = asideFrom(change, families).filter(({ heir, parent }) => !parted.has(pairKey(heir, parent)));
    return aside.length === 0 ? change : { ...change, aside };
  });
}

function pairKey(heir: QualifiedName, parent: QualifiedName): string {
  return `${nameKey(heir)}\0${nameKey(parent)}`;
}

function asideFrom(change: Replacement, families: Families): readonly Aside[] {
  const pairs = change.kind === 'server' ? returningPairs(change) : [[change.before, change.after] as const];
  const going = change.kind === 'server' ? change.gone.flatMap((object) => (object.kind === 'foreign-table' ? [formerName(object)] : [])) : [];
  return pairs.flatMap(([before, after]) => {
    const parent = formerName(before);
    const heirs = families.get(nameKey(parent))?.heirs ?? [];
    return heirs.filter((heir) => !going.some((name) => sameName(name, heir))).map((heir): Aside => asideOf(heir, parent, after));
  });
}

function returningPairs({ gone, back }: ServerReplacement): readonly (readonly [ForeignTable, ForeignTable])[] {
  const returning = new Map(back.map((object) => [identityOf(object), object]));
  return gone.flatMap((before): readonly (readonly [ForeignTable, ForeignTable])[] => {
    const after = returning.get(identityOf(before));
    return before.kind === 'foreign-table' && after?.kind === 'foreign-table' ? [[before, after]] : [];
  });
}

function asideOf(heir: FoundHeir, parent: QualifiedName, after: ForeignTable): Aside {
  return {
    heir: { schema: heir.schema, name: heir.name },
    what: heir.what,
    parent,
    again: { schema: after.schema, name: after.name },
    ownFromThen: heir.columns.filter(({ handedDown }) => handedDown).map(({ name }) => name),
    misfits: misfits(heir, after),
  };
}

/** What an heir lacks of what its parent will ask for: columns and checks as they are, NOT NULL (commands/tablecmds.c, MergeAttributesIntoExisting, 14 to 18). */
function misfits(heir: FoundHeir, parent: ForeignTable): readonly string[] {
  const columns = new Map(heir.columns.map((column) => [column.name, column]));
  const checks = new Map(heir.checks.map((check) => [check.name, check.expression]));
  return [
    ...parent.columns.flatMap((wanted) => {
      const own = columns.get(wanted.name);
      if (own === undefined) return [`it has no column ${wanted.name}`];
      if (own.type !== wanted.type || !sameName(own.collation, wanted.collation)) return [`its column ${wanted.name} is ${own.type}`];
      if (own.generated !== (wanted.generated !== undefined)) return [`its column ${wanted.name} is ${own.generated ? '' : 'not '}generated`];
      return wanted.notNull && !own.notNull ? [`its column ${wanted.name} may be NULL`] : [];
    }),
    ...[...(parent.checks ?? []), ...(parent.handedDown ?? [])].filter(({ name, expression, noInherit }) => !noInherit && checks.get(name) !== expression).map(({ name }) => `it has no such check ${name}`),
  ];
}

function formerName({ renamedFrom, schema, name }: ForeignTable): QualifiedName {
  return renamedFrom ?? { schema, name };
}
