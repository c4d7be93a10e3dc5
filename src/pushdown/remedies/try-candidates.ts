import { forcing } from '../cause.ts';
import type { PlannerSettings } from '../explain/explain.ts';
import type { Clause, Remedy } from '../types.ts';
import { otherCandidates } from './other-candidates.ts';
import type { Candidate, Grounds } from './candidate.ts';
import { costCandidates } from './cost-candidates.ts';
import { curedBy, remainingIn } from './laboratory.ts';
import type { Laboratory, Trial } from './laboratory.ts';
import type { Cure } from './prove.ts';
import { packaged, serverCandidates } from './server-candidates.ts';
import { specPatch } from './spec-patch.ts';
import type { SpecSight } from './spec-places.ts';
import { tableCandidates } from './table-candidates.ts';

/** Options, settings and commands that might push clauses, not yet tried. */
export async function candidatesFor(grounds: Grounds): Promise<readonly Candidate[]> {
  return [...(await serverCandidates(grounds)), ...(await tableCandidates(grounds)), ...otherCandidates(grounds), ...costCandidates(grounds), ...packaged(grounds)];
}

/** Those that do, and those that cannot be tried. */
export async function candidateCures(grounds: Grounds, candidates: readonly Candidate[], lab: Laboratory): Promise<readonly Cure[]> {
  const cures: Cure[] = [];
  const climbed = new Map<string, readonly Cure[]>();
  for (const candidate of candidates) {
    const { ladder, unless } = candidate;
    if (ladder === undefined) cures.push(...(await tried(grounds, candidate, lab)));
    else if (!climbed.has(ladder) && (unless === undefined || climbed.get(unless)?.length === 0)) {
      const found = await mildest(grounds, candidates.filter((each) => each.ladder === ladder), lab);
      climbed.set(ladder, found);
      cures.push(...found);
    }
  }
  return cures;
}

/** The first step of a ladder that helps; none, where the last one does not. */
async function mildest(grounds: Grounds, steps: readonly Candidate[], lab: Laboratory): Promise<readonly Cure[]> {
  const last = steps.at(-1);
  const highest = last === undefined ? [] : await tried(grounds, last, lab);
  if (highest.length === 0) return [];
  for (const step of steps.slice(0, -1)) {
    const found = await tried(grounds, step, lab);
    if (found.length > 0) return found;
  }
  return highest;
}

async function tried(grounds: Grounds, candidate: Candidate, lab: Laboratory): Promise<readonly Cure[]> {
  const { accepted, asksRemote, failing, ladder, needsStatistics, shows } = candidate;
  const meant = grounds.ill.filter((clause) => clause.reasons.some((reason) => candidate.reasons.includes(reason.id)));
  const unproved = (why: string): readonly Cure[] => [{ clauses: meant, remedy: remedy(candidate, why, undefined, lab, grounds), lastResort: candidate.lastResort === true }];
  if (asksRemote !== undefined && !lab.remote) return unproved(asksRemote);
  const trial = await outcome(candidate, meant, lab);
  // Of steps that cannot be tried, none is known to be the right one.
  if (typeof trial === 'string') return ladder === undefined ? unproved(trial) : [];
  if (needsStatistics === true && !trial.estimates) return [];
  if (accepted?.(trial.remoteSql) === false) return [];
  const helps = shows?.(trial) === true;
  const cured = helps ? meant : curedBy(grounds.ill, trial);
  // One way of the planner's for another, with as much left here.
  if (ladder !== undefined && trial.local.length >= grounds.ill.filter(({ runs }) => runs === 'local').length) return [];
  // It was tried and does not help.
  if (!helps && cured.length === 0) return failing === undefined ? [] : unproved(failing);
  return [{ clauses: cured, remedy: remedy(candidate, undefined, trial, lab, grounds) }];
}

async function outcome({ trial, reasons, shows }: Candidate, meant: readonly Clause[], { plan }: Laboratory): Promise<Trial | string> {
  if (typeof trial === 'string') return trial;
  const under = (settings: PlannerSettings): Promise<Trial | string> => plan({ ...trial, settings: { ...trial.settings, ...settings } });
  const plain = await under({});
  if (typeof plain === 'string' || curedBy(meant, plain).length > 0 || shows !== undefined) return plain;
  // Forcing sends whatever may be sent, so of costs it proves nothing.
  if (reasons.some((id) => id === 'not-chosen-cost' || id === 'never-analyzed')) return plain;
  // What may be sent now, and is not for its cost, is shown by forcing.
  return under(forcing);
}

function remedy({ kind, title, sql, spec, changesMeaning }: Candidate, unproved: string | undefined, trial: Trial | undefined, { wire }: Laboratory, sight: SpecSight): Remedy {
  return {
    kind,
    title,
    sql,
    spec: spec === null ? null : specPatch(spec, sight),
    proved: unproved === undefined,
    unproved: unproved ?? null,
    changesMeaning,
    remoteSql: trial?.remoteSql ?? [],
    remaining: trial === undefined ? [] : remainingIn(trial),
    effect: trial?.wire === undefined ? null : { before: wire, after: trial.wire },
  };
}
