import type { PlannerSettings } from '../explain/explain.ts';
import type { Clause, Remedy, Wire } from '../types.ts';
import type { Change } from '../what-if/change.ts';
import { otherCandidates } from './other-candidates.ts';
import type { Candidate, Grounds } from './candidate.ts';
import { curedBy } from './prove.ts';
import type { Cure, Trial } from './prove.ts';
import { serverCandidates } from './server-candidates.ts';
import { tableCandidates } from './table-candidates.ts';

/** How candidates are tried. */
export interface Trying {
  readonly wire: Wire;
  /** The statement's plan in a changed world; a sentence where there is none. */
  readonly planIn: (change: Change, settings?: PlannerSettings) => Promise<Trial | string>;
  /** Its plan under settings. */
  readonly planUnder: (settings: PlannerSettings) => Promise<Trial | undefined>;
  readonly forcing: PlannerSettings;
  /** Whether the remote may be asked. */
  readonly remote: boolean;
}

/** Options, settings and commands that would push clauses, tried where they can be. */
export async function candidateCures(grounds: Grounds, trying: Trying): Promise<readonly Cure[]> {
  const candidates = [...(await serverCandidates(grounds)), ...(await tableCandidates(grounds)), ...otherCandidates(grounds)];
  await grounds.prober.close();
  const cures: Cure[] = [];
  for (const candidate of candidates) cures.push(...(await tried(grounds, candidate, trying)));
  return cures;
}

async function tried(grounds: Grounds, candidate: Candidate, trying: Trying): Promise<readonly Cure[]> {
  const meant = grounds.ill.filter((clause) => clause.reasons.some((reason) => candidate.reasons.includes(reason.id)));
  const asks = candidate.reasons.includes('not-chosen-cost');
  const trial = asks && !trying.remote ? 'the remote would have to be asked; --remote does' : await outcome(candidate, meant, trying);
  if (typeof trial === 'string') return [{ clauses: meant, remedy: remedy(candidate, trial, undefined, trying) }];
  const helps = candidate.shows?.(trial) === true;
  const cured = helps ? meant : curedBy(grounds.ill, trial);
  // It was tried and does not help.
  if (!helps && cured.length === 0) return [];
  return [{ clauses: cured, remedy: remedy(candidate, undefined, trial, trying) }];
}

async function outcome({ trial, reasons, shows }: Candidate, meant: readonly Clause[], trying: Trying): Promise<Trial | string> {
  if (typeof trial === 'string') return trial;
  const under = async (settings: PlannerSettings): Promise<Trial | string> => {
    if ('change' in trial) return trying.planIn(trial.change, settings);
    return (await trying.planUnder({ ...trial.settings, ...settings })) ?? 'it cannot be planned so';
  };
  const plain = await under({});
  if (typeof plain === 'string' || curedBy(meant, plain).length > 0 || shows !== undefined) return plain;
  // Forcing sends whatever may be sent, so of costs it proves nothing.
  if (reasons.includes('not-chosen-cost')) return plain;
  // What may be sent now, and is not for its cost, is shown by forcing.
  return under(trying.forcing);
}

function remedy({ kind, title, sql, spec, changesMeaning }: Candidate, unproved: string | undefined, trial: Trial | undefined, { wire }: Trying): Remedy {
  return {
    kind,
    title,
    sql,
    spec,
    proved: unproved === undefined,
    unproved: unproved ?? null,
    changesMeaning,
    remoteSql: trial?.remoteSql ?? [],
    remaining: trial?.local.map(({ kind: of, text }) => `${of} ${text}`) ?? [],
    effect: trial?.wire === undefined ? null : { before: wire, after: trial.wire },
  };
}
