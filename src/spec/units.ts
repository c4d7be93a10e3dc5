/** Units as PostgreSQL's settings take them (postgresql.org/docs/18/config-setting.html, "Numeric with Unit"), but for the microsecond. */
const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const bytes: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };

/** A duration with its unit, `30s`, `1.5 min`, in milliseconds; undefined where it is none. */
export function asMilliseconds(text: string): number | undefined {
  return withUnit(text, milliseconds);
}

/** A size with its unit, `16MB`, in bytes; undefined where it is none. */
export function asBytes(text: string): number | undefined {
  return withUnit(text, bytes);
}

function withUnit(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text) ?? [];
  const factor = unit === undefined || !Object.hasOwn(units, unit) ? undefined : units[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
