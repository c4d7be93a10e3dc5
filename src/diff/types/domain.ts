import { sameName } from '../../model/name.ts';
import type { DomainChange } from '../../model/type-change.ts';
import type { DomainCheck, DomainType } from '../../model/user-types.ts';

/** What ALTER DOMAIN has to do; undefined where the type below is another one, for which there is no ALTER. */
export function diffDomain(after: DomainType, before: DomainType): readonly DomainChange[] | undefined {
  if (after.base !== before.base || !sameName(after.collation, before.collation)) return undefined;
  const checks = after.checks === undefined ? [] : diffChecks(after.checks, before.checks ?? []);
  return [
    ...checks,
    ...(after.notNull === before.notNull ? [] : [{ kind: 'set-not-null', notNull: after.notNull } as const]),
    ...(after.default === before.default ? [] : [{ kind: 'set-default', before: before.default, after: after.default } as const]),
  ];
}

/** A check under another name is renamed, so that no row is looked at again. */
function diffChecks(after: readonly DomainCheck[], before: readonly DomainCheck[]): readonly DomainChange[] {
  const same = (a: DomainCheck) => (b: DomainCheck) => a.name === b.name && a.expression === b.expression;
  const fresh = after.filter((check) => !before.some(same(check)));
  const old = before.filter((check) => !after.some(same(check)));
  const renames: DomainChange[] = [];
  const renamed = new Set<DomainCheck>();
  for (const check of fresh) {
    const source = old.find((one) => one.expression === check.expression && !renamed.has(one));
    // A name that is in use until something else has gone cannot be taken by RENAME.
    if (source === undefined || before.some(({ name }) => name === check.name)) continue;
    renames.push({ kind: 'rename-check', before: source.name, after: check.name });
    renamed.add(source).add(check);
  }
  return [
    ...renames,
    ...old.filter((check) => !renamed.has(check)).map(({ name }): DomainChange => ({ kind: 'drop-check', name })),
    ...fresh.filter((check) => !renamed.has(check)).map((check): DomainChange => ({ kind: 'add-check', check })),
  ];
}
