import type { DoctorResult } from '../flows/doctor.ts';
import { placedHealth } from './doctor-places.ts';
import { doctorSummary } from './doctor-summary.ts';
import { placedGithub } from './placed-github.ts';

/** Health as workflow commands of GitHub Actions, where the spec names the servers. */
export function doctorGithub(result: DoctorResult, pathOf: (file: string) => string): string {
  return placedGithub(placedHealth(result), doctorSummary(result.servers), pathOf);
}
