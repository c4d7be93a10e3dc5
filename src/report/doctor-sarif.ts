import type { DoctorResult } from '../flows/doctor.ts';
import { healthChecks } from '../model/health.ts';
import type { Rule } from '../model/rules.ts';
import { placedHealth } from './doctor-places.ts';
import type { Pieces } from './pieces.ts';
import { placedSarif } from './placed-sarif.ts';

/** Health as SARIF 2.1.0, where the spec names the servers. */
export function doctorSarif(result: DoctorResult, pathOf: (file: string) => string, version: string): Pieces {
  const checks = new Map<string, Rule>(Object.entries(healthChecks));
  const ruleOf = (id: string): Rule => {
    const rule = checks.get(id);
    if (rule === undefined) throw new Error(`no check ${id}`);
    return rule;
  };
  return placedSarif(placedHealth(result), { name: 'health', ruleOf, version }, pathOf);
}
