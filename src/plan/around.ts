import type { Change } from '../model/change.ts';
import { type Dependent, lossKey } from '../model/dependent.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Rebuild } from '../model/rebuild.ts';
import { qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { lossesOf } from './losses.ts';
import type { Hazard } from './types.ts';

/** What has to happen around the statements of a change, for the sake of what stands on its object. */
export interface Around {
  readonly before: readonly Statement[];
  /** Right after the CREATE of a table that is replaced. */
  readonly onceMade: readonly Statement[];
  readonly after: readonly Statement[];
  readonly hazards: readonly Hazard[];
  /** The views that are gone for good by then. */
  readonly lost: readonly QualifiedName[];
}

/**
 * Views are dropped one by one before a change that they are in the way of, and created again after it; those that stand on
 * what goes for good are only dropped. Of anything else that is in the way, or would not come back as it was, the
 * hazard says so, and apply refuses.
 *
 * @param dependents those of all changes
 * @param rebuilds of the views among them, and of foreign tables that are replaced
 * @param lost views that an earlier change has dropped for good
 */
export function aroundOf(change: Change, dependents: readonly Dependent[], rebuilds: readonly Rebuild[], lost: ReadonlySet<string>): Around {
  const losses = new Set(lossesOf(change).map(lossKey));
  const own = dependents.filter(({ loss, view }) => losses.has(lossKey(loss)) && (view === undefined || !lost.has(nameKey(view))));
  const gone = new Set(own.flatMap(({ loss, view }) => (view !== undefined && loss.fate === 'gone' ? [nameKey(view)] : [])));
  const names = new Set(own.flatMap(({ view }) => (view === undefined ? [] : [nameKey(view)])));
  const views = inOrderOfUse(rebuilds.filter((rebuild) => rebuild.kind !== 'foreign table' && names.has(nameKey(rebuild))));
  const back = views.filter((view) => !gone.has(nameKey(view)));
  const replaced = change.action === 'replace' ? rebuilds.filter((rebuild) => rebuild.kind === 'foreign table' && nameKey(rebuild) === nameKey(change.before)) : [];
  return {
    before: views.toReversed().map((view) => statement(`DROP ${view.kind.toUpperCase()} ${qualified(view)}`)),
    onceMade: replaced.flatMap(({ onceMade }) => onceMade.map(statement)),
    after: [...replaced, ...back].flatMap(({ statements }) => statements.map(statement)),
    hazards: [
      ...own.filter(({ view }) => view === undefined).map(blocking),
      ...views.filter((view) => gone.has(nameKey(view))).map((view): Hazard => ({ id: 'dependents-lost', message: `${shown(view)} goes with it.` })),
      ...back.map((view): Hazard => ({ id: 'dependents-recreated', message: `${shown(view)} is dropped and created again${view.filled ? ', filled anew' : ''}.` })),
      ...[...replaced, ...back].flatMap((rebuild) => rebuild.obstacles.map((why): Hazard => ({ id: 'not-recreated', message: `${shown(rebuild)}: ${why}.` }))),
    ],
    lost: views.filter((view) => gone.has(nameKey(view))),
  };
}

function blocking({ loss, description }: Dependent): Hazard {
  const on = loss.column === undefined ? 'this' : `column ${loss.column}`;
  return { id: 'dependents', message: `${description} depends on ${on}: PostgreSQL refuses the change while it exists.` };
}

function shown(rebuild: Rebuild): string {
  return `${rebuild.kind} ${qualified(rebuild)}`;
}

/** Each after those that it stands on. Views cannot stand on one another in a circle. */
function inOrderOfUse(rebuilds: readonly Rebuild[]): readonly Rebuild[] {
  const byName = new Map(rebuilds.map((rebuild) => [nameKey(rebuild), rebuild]));
  const ordered = new Set<Rebuild>();
  const visit = (rebuild: Rebuild): void => {
    if (ordered.has(rebuild)) return;
    for (const below of rebuild.uses) {
      const other = byName.get(nameKey(below));
      if (other !== undefined && other !== rebuild) visit(other);
    }
    ordered.add(rebuild);
  };
  rebuilds.forEach(visit);
  return [...ordered];
}
