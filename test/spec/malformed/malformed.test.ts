import { describe, expect, it } from 'vitest';
import { brief, problemsOf } from '../load.ts';
import { malformedCases } from './cases.ts';

describe('a malformed spec', () => {
  it('comes in many forms, each once', () => {
    expect(malformedCases.length).toBeGreaterThanOrEqual(200);
    expect(new Set(malformedCases.map(({ name }) => name)).size).toBe(malformedCases.length);
  });

  for (const { name, text, problems: expected, hint, environment } of malformedCases) {
    it(`${name}: says what and where, in time`, async () => {
      const started = process.cpuUsage();
      const problems = await problemsOf(text, {}, environment);
      const { user, system } = process.cpuUsage(started);

      const said = brief(problems);
      for (const [index, start] of expected.entries()) expect(said[index]?.slice(0, start.length), said.join('\n')).toBe(start);
      // Large inputs may have more problems than the ones that their case names.
      if (text.length < 300) expect(said).toHaveLength(expected.length);
      if (hint !== undefined) expect(problems[0]?.hint).toBe(hint);
      expect(problems.every(({ at }) => at !== undefined) || problems.length > 500).toBe(true);
      // Of the processor, not of the clock: other tests run beside this one, and double even that. Alone, all take less than a second.
      expect((user + system) / 1000).toBeLessThan(2000);
    });
  }
});
