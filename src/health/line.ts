import type { HealthCheckId, HealthLevel, HealthLine } from '../model/health.ts';

/** Lines of one check: `const say = about('tls'); say('ok', 'TLSv1.3')`. */
export function about(check: HealthCheckId): (level: HealthLevel, message: string, todo?: string) => HealthLine {
  return (level, message, todo) => ({ check, level, message, todo });
}
