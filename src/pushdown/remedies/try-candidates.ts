import { forcing } from '../cause.ts';
import type { PlannerSettings } from '../explain/explain.ts';
import type { Clause, Remedy } from '../types.ts';
import { otherCandidates } from './other-candidates.ts';
import type { Candidate, Grounds } from './candidate.ts';
import { curedBy, remainingIn } from './laboratory.ts';
import type { Laboratory, Trial } from './laboratory.ts';
import type { Cure } from './prove.ts';
import { serverCandidates } from './server-candidates.ts';
import { specPatch } from './spec-patch.ts';
import { tableCandidates } from './table-candidates.ts';

/** Options, settings and commands that might push clauses, not yet tried. */
export async function candidatesFor(grounds: Grounds): Promise<readonly Candidate[]> {
  return [...(await serverCandidates(grounds)), ...(await tableCandidates(grounds)), ...otherCandidates(grounds)];
}

/** Those that do, and those that cannot be tried. */
export async function candidateCures(grounds: Grounds, candidates: readonly Candidate[], lab: Laboratory): Promise<readonly Cure[]> {
  const cures: Cure[] = [];
  for (const candidate of candidates) cures.push(...(await tried(grounds, candidate, lab)));
  return cures;
}

async function tried(grounds: Grounds, candidate: Candidate, lab: Laboratory): Promise<readonly Cure[]> {
  const meant = grounds.ill.filter((clause) => clause.reasons.some((reason) => candidate.reasons.includes(reason.id)));
  const asks = candidate.reasons.includes('not-chosen-cost');
  const trial = asks && !lab.remote ? 'the remote would have to be asked; --remote does' : await outcome(candidate, meant, lab);
  if (typeof trial === 'string') return [{ clauses: meant, remedy: remedy(candidate, trial, undefined, lab) }];
  const helps = candidate.shows?.(trial) === true;
  const cured = helps ? meant : curedBy(grounds.ill, trial);
  // It was tried and does not help.
  if (!helps && cured.length === 0) return [];
  return [{ clauses: cured, remedy: remedy(candidate, undefined, trial, lab) }];
}

async function outcome({ trial, reasons, shows }: Candidate, meant: readonly Clause[], { plan }: Laboratory): Promise<Trial | string> {
  if (typeof trial === 'string') return trial;
  const under = (settings: PlannerSettings): Promise<Trial | string> => plan({ ...trial, settings: { ...trial.settings, ...settings } });
  const plain = await under({});
  if (typeof plain === 'string' || curedBy(meant, plain).length > 0 || shows !== undefined) return plain;
  // Forcing sends whatever may be sent, so of costs it proves nothing.
  if (reasons.includes('not-chosen-cost')) return plain;
  // What may be sent now, and is not for its cost, is shown by forcing.
  return under(forcing);
}

function remedy({ kind, title, sql, spec, changesMeaning }: Candidate, unproved: string | undefined, trial: Trial | undefined, { wire }: Laboratory): Remedy {
  return {
    kind,
    title,
    sql,
    spec: spec === null ? null : specPatch(spec),
    proved: unproved === undefined,
    unproved: unproved ?? null,
    changesMeaning,
    remoteSql: trial?.remoteSql ?? [],
    remaining: trial === undefined ? [] : remainingIn(trial),
    effect: trial?.wire === undefined ? null : { before: wire, after: trial.wire },
  };
}
