import type { Change } from '../model/change.ts';
import type { RenamedTable } from '../ddl/foreign-table.ts';
import type { Again } from '../ddl/statements.ts';
import type { ForeignTable, Server } from '../model/objects.ts';
import { type Dependent, lossKey } from '../model/dependent.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Rebuild } from '../model/rebuild.ts';
import { ident, qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { againOf, foundOf, isAttached } from './again.ts';
import { renamesIn, underFormerNames } from './former-names.ts';
import { lossesOf } from './losses.ts';
import { shapeOf } from './rebuilt.ts';
import { keyOf, returning } from './returning.ts';
import { hashOf } from './fingerprints.ts';
import type { Hazard, Rebuilt } from './types.ts';

/** What has to happen around the statements of a change, for the sake of what stands on its object. */
export interface Around {
  readonly before: readonly Statement[];
  /** By its `identityOf`: a server or table that is replaced. */
  readonly again: ReadonlyMap<string, Again>;
  readonly after: readonly Statement[];
  readonly hazards: readonly Hazard[];
  readonly rebuilt: readonly Rebuilt[];
  /** The roles as which something is granted again. */
  readonly grantors: readonly string[];
  /** The views that are gone for good by then. */
  readonly lost: readonly QualifiedName[];
}

/**
 * Views are dropped one by one before a change that they are in the way of, and created again after it; those that stand on
 * what goes for good are only dropped. Of anything else that is in the way, or would not come back as it was, the
 * hazard says so, and apply refuses.
 *
 * @param dependents those of all changes
 * @param rebuilds of the views among them, and of servers and foreign tables that are replaced
 * @param lost views that an earlier change has dropped for good
 * @param renames what earlier changes have renamed
 */
export function aroundOf(change: Change, dependents: readonly Dependent[], rebuilds: readonly Rebuild[], lost: ReadonlySet<string>, renames: readonly RenamedTable[]): Around {
  const losses = new Set(lossesOf(change).map(lossKey));
  const own = dependents.filter(({ loss, view }) => losses.has(lossKey(loss)) && (view === undefined || !lost.has(nameKey(view))));
  const gone = new Set(own.flatMap(({ loss, view }) => (view !== undefined && loss.fate === 'gone' ? [nameKey(view)] : [])));
  const names = new Set(own.flatMap(({ view }) => (view === undefined ? [] : [nameKey(view)])));
  const views = inOrderOfUse(rebuilds.filter((rebuild) => isView(rebuild) && names.has(nameKey(rebuild))));
  const back = views.filter((view) => !gone.has(nameKey(view)));
  const afters = returning(change);
  const replaced = rebuilds.flatMap((rebuild) => {
    const after = afters.get(keyOf(rebuild));
    return after === undefined ? [] : [{ rebuild, ...againOf(rebuild, after) }];
  });
  const all = [...replaced.map(({ rebuild }) => rebuild), ...back];
  return {
    before: [...views.toReversed().map((view) => statement(`DROP ${view.kind.toUpperCase()} ${qualified(view)}`)), ...replaced.flatMap(({ before }) => before)],
    again: new Map(replaced.map(({ identity, again }) => [identity, again])),
    after: underFormerNames(all, [...renames, ...renamesIn(change)], all.flatMap((rebuild) => [...rebuild.statements, ...commentsOf(rebuild, afters.get(keyOf(rebuild))?.object)].map(statement))),
    hazards: [
      ...own.filter(({ view }) => view === undefined).map(blocking),
      ...views.filter((view) => gone.has(nameKey(view))).map((view): Hazard => ({ id: 'dependents-lost', message: `${shown(view)} goes with it.` })),
      ...back.map((view): Hazard => ({ id: 'dependents-recreated', message: `${shown(view)} is dropped and created again${view.filled ? ', filled anew' : ''}.` })),
      ...all.flatMap((rebuild) => obstaclesOf(rebuild, afters.get(keyOf(rebuild))?.object).map((why): Hazard => ({ id: 'not-recreated', message: `${shown(rebuild)}: ${why}.` }))),
    ],
    rebuilt: [
      ...replaced.map(({ rebuilt }) => rebuilt),
      ...back.map((rebuild) => ({ ...foundOf(rebuild), shape: hashOf(shapeOf(rebuild)) })),
    ],
    grantors: [...new Set([...replaced.flatMap(({ grantors }) => grantors), ...back.flatMap(({ grantors }) => grantors)])],
    lost: views.filter((view) => gone.has(nameKey(view))),
  };
}

function obstaclesOf(rebuild: Rebuild, after: ForeignTable | Server | undefined): readonly string[] {
  const { obstacles, columnObstacles } = rebuild;
  if (after?.kind !== 'foreign-table' || isAttached(rebuild, after)) return obstacles;
  return [...obstacles, ...(after.madeByParent === true || after.keepsParents === true ? columnObstacles : [])];
}

/** Of the checks that are there again. */
function commentsOf({ checkComments }: Rebuild, after: ForeignTable | Server | undefined): readonly string[] {
  if (after?.kind !== 'foreign-table') return [];
  const names = new Set([...(after.checks ?? []), ...(after.handedDown ?? [])].map(({ name }) => name));
  return checkComments.filter(({ check }) => names.has(check)).map((one) => one.statement);
}

function isView({ kind }: Rebuild): boolean {
  return kind === 'view' || kind === 'materialized view';
}

function blocking({ loss, description }: Dependent): Hazard {
  const on = loss.column === undefined ? 'this' : `column ${loss.column}`;
  return { id: 'dependents', message: `${description} depends on ${on}: PostgreSQL refuses the change while it exists.` };
}

function shown(rebuild: Rebuild): string {
  return `${rebuild.kind} ${rebuild.kind === 'server' ? ident(rebuild.name) : qualified(rebuild)}`;
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
