import type { DriftPlaces } from '../flows/drift.ts';
import { driftRules } from '../model/drift-rules.ts';
import type { DriftReport } from '../model/drift.ts';
import type { Rule } from '../model/rules.ts';
import { placedDrift } from './drift-places.ts';
import type { Pieces } from './pieces.ts';
import { placedSarif } from './placed-sarif.ts';

const unknownRule: Rule = {
  what: 'A server or table that could not be looked at.',
  why: 'The remote did not answer, or does not let itself be read.',
  todo: 'See what the message names; nothing says that it is clean.',
};

/** Drift as SARIF 2.1.0, at the places of the spec. */
export function driftSarif(report: DriftReport, places: DriftPlaces, pathOf: (file: string) => string, version: string): Pieces {
  const known: Readonly<Record<string, Rule>> = driftRules;
  return placedSarif(placedDrift(report, places), { name: 'drift', ruleOf: (id) => known[id] ?? unknownRule, version }, pathOf);
}
