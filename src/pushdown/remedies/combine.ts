import { forcing } from '../cause.ts';
import type { PlannerSettings } from '../explain/explain.ts';
import type { Clause, Remedy } from '../types.ts';
import { mergeChanges } from '../what-if/change.ts';
import type { Candidate } from './candidate.ts';
import { curedBy, remainingIn } from './laboratory.ts';
import type { Trial, World } from './laboratory.ts';
import type { Cure, Proving } from './prove.ts';
import { applyRule, rewriteRules } from './rewrites.ts';
import type { RewriteRule, Surroundings } from './rule.ts';
import { specPatch } from './spec-patch.ts';
import type { SpecSight } from './spec-places.ts';

/** Things that are done together. */
interface Parts {
  readonly rules: readonly RewriteRule[];
  readonly candidates: readonly Candidate[];
}

/**
 * What no remedy does alone, several may do together: options, settings and commands with each other and with a rewritten
 * statement. Of these only what is needed is kept.
 *
 * @param found what is known to help already
 * @returns undefined where something else is enough, or nothing helps
 */
export async function combinedCure(proving: Proving & { readonly sight: SpecSight }, ill: readonly Clause[], candidates: readonly Candidate[], found: readonly Cure[]): Promise<Cure | undefined> {
  const proved = found.filter(({ remedy }) => remedy.proved);
  if (proved.some(({ remedy }) => remedy.remaining.length === 0)) return undefined;
  const local = ill.filter((clause) => clause.cause === 'blocked');
  const ids = new Set(local.flatMap(({ reasons }) => reasons.map(({ id }) => id)));
  const fitting = candidates.filter(({ trial, reasons, shows }) => typeof trial !== 'string' && shows === undefined && reasons.some((id) => ids.has(id)));
  const all: Parts = { rules: rewriteRules.filter(({ cures }) => cures.some((id) => ids.has(id))), candidates: fitting };
  if (fitting.length === 0 || all.rules.length + fitting.length < 2) return undefined;
  const surroundings = await proving.surroundings();
  const attempt = (parts: Parts, settings: PlannerSettings): Promise<Trial | string> => proving.lab.plan(worldOf(proving, surroundings, parts, settings));

  const plain = await attempt(all, {});
  // A join or a sort may be sent now, and is not for its cost.
  const settings = typeof plain !== 'string' && curedBy(local, plain).length === 0 ? forcing : {};
  const whole = settings === forcing ? await attempt(all, forcing) : plain;
  const refused = typeof whole === 'string' ? [] : fitting.filter(({ accepted }) => accepted?.(whole.remoteSql) === false);
  if (refused.length > 0) return combinedCure(proving, ill, candidates.filter((candidate) => !refused.includes(candidate)), found);
  const best = Math.min(local.length, ...proved.map(({ remedy }) => remedy.remaining.length));
  if (typeof whole === 'string' || whole.local.length >= best) return undefined;
  const needed = await withoutNeedless(all, async (parts) => {
    const trial = await attempt(parts, settings);
    return typeof trial !== 'string' && trial.local.length <= whole.local.length;
  });
  const trial = await attempt(needed, settings);
  if (typeof trial === 'string') return undefined;
  const { sql, titles, changes } = rewritten(proving, surroundings, needed.rules);
  // Of one thing alone it is known already.
  if (titles.length + needed.candidates.length < 2) return undefined;
  const columns = titles.length === 0 ? [] : await proving.results.differences(proving.sql, sql);
  return columns === undefined ? undefined : { clauses: curedBy(ill, trial), remedy: remedyOf(proving, needed, { sql, titles, changes: [...changes, ...columns] }, trial) };
}

function worldOf(proving: Proving, surroundings: Surroundings, { rules, candidates }: Parts, settings: PlannerSettings): World {
  const worlds = candidates.flatMap(({ trial }) => (typeof trial === 'string' ? [] : [trial]));
  const changes = worlds.flatMap(({ change }) => change ?? []);
  return {
    sql: rewritten(proving, surroundings, rules).sql,
    change: changes.length === 0 ? undefined : changes.reduce(mergeChanges),
    settings: Object.assign({}, ...worlds.map((world) => world.settings ?? {}), settings) as PlannerSettings,
  };
}

interface Text {
  readonly sql: string;
  /** Of the rules that fit. */
  readonly titles: readonly string[];
  readonly changes: readonly string[];
}

function rewritten({ sql }: Proving, surroundings: Surroundings, rules: readonly RewriteRule[]): Text {
  return rules.reduce<Text>((text, rule) => {
    const next = applyRule(rule, surroundings, text.sql);
    return next === undefined ? text : { sql: next.sql, titles: [...text.titles, rule.title], changes: [...text.changes, ...next.changes] };
  }, { sql, titles: [], changes: [] });
}

/** Leaves out one part after the other, as long as it does as well. */
async function withoutNeedless(all: Parts, isEnough: (parts: Parts) => Promise<boolean>): Promise<Parts> {
  let parts = all;
  for (const candidate of all.candidates) {
    const fewer = { ...parts, candidates: parts.candidates.filter((each) => each !== candidate) };
    if (await isEnough(fewer)) parts = fewer;
  }
  for (const rule of all.rules.toReversed()) {
    const fewer = { ...parts, rules: parts.rules.filter((each) => each !== rule) };
    if (await isEnough(fewer)) parts = fewer;
  }
  return parts;
}

function remedyOf({ lab, sight }: Proving & { readonly sight: SpecSight }, { candidates }: Parts, { sql, titles, changes }: Text, trial: Trial): Remedy {
  const meaning = [...new Set([...candidates.flatMap(({ changesMeaning }) => changesMeaning ?? []), ...changes])];
  const spec = candidates.flatMap((candidate) => candidate.spec ?? []);
  return {
    kind: titles.length > 0 ? 'combined' : (candidates[0]?.kind ?? 'combined'),
    title: [...candidates.map(({ title }) => title), ...titles].join('; '),
    sql: [candidates.map((candidate) => candidate.sql).join('\n'), ...(titles.length === 0 ? [] : [sql])].join('\n\n'),
    spec: spec.length === 0 ? null : specPatch(spec, sight),
    proved: true,
    unproved: null,
    changesMeaning: meaning.length === 0 ? null : meaning.join('; '),
    remoteSql: trial.remoteSql,
    remaining: remainingIn(trial),
    effect: trial.wire === undefined ? null : { before: lab.wire, after: trial.wire },
  };
}
