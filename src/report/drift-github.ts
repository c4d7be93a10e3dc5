import type { DriftPlaces } from '../flows/drift.ts';
import type { DriftReport } from '../model/drift.ts';
import { placedDrift } from './drift-places.ts';
import { driftSummary } from './drift-summary.ts';
import { placedGithub } from './placed-github.ts';

/** Drift as workflow commands of GitHub Actions, at the places of the spec. */
export function driftGithub(report: DriftReport, places: DriftPlaces, pathOf: (file: string) => string): string {
  return placedGithub(placedDrift(report, places), driftSummary(report), pathOf);
}
