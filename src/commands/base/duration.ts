import { string } from '@oclif/core/flags';
import { UserError } from '../../base/user-error.ts';

/** A flag that takes a time: `500ms`, `30s`, `5min`, `1h`, as PostgreSQL writes them; `0`. */
export function durationFlag(description: string, fallback: string) {
  return string({ description, helpValue: 'TIME', default: fallback });
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/* What PostgreSQL's settings of a time hold: an int of milliseconds. */
const longest = 2_147_483_647;

/**
 * The milliseconds that a flag's value means.
 * @throws UserError `usage` for anything but a whole number with a unit, or 0
 */
export function milliseconds(flag: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)(ms|s|min|h)$/.exec(text) ?? [];
  const value = text === '0' ? 0 : Number(digits) * (units[unit] ?? NaN);
  if (Number.isNaN(value) || value > longest) {
    throw new UserError('usage', `--${flag} ${text} is no time.`, { todo: `Write a number with its unit, as PostgreSQL does: --${flag} 500ms, 30s, 5min, 1h; or 0.` });
  }
  return value;
}
