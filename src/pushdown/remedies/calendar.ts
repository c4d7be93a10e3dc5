/** Units that a time may be cut to. */
export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Which parts of `YYYY-MM-DD hh:mm:ss` the start of a unit has, and how many of which part the next start is away. */
const units: Readonly<Record<Unit, { readonly part: number; readonly step: number }>> = {
  second: { part: 5, step: 1 }, minute: { part: 4, step: 1 }, hour: { part: 3, step: 1 }, day: { part: 2, step: 1 },
  week: { part: 2, step: 7 }, month: { part: 1, step: 1 }, quarter: { part: 1, step: 3 }, year: { part: 0, step: 1 },
};

export function isUnit(word: string): word is Unit {
  return word in units;
}

/**
 * The half-open span of a unit that starts at a time, as ISO literals without a zone.
 *
 * @param text `2024-01-31`, `2024-01-31 12:00` or `2024-01-31 12:00:00`
 * @returns undefined where the text is written otherwise, or no unit starts there
 */
export function spanFrom(text: string, unit: Unit): { readonly start: string; readonly end: string } | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const start = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
  const { part, step } = units[unit];
  const first = [0, 1, 1, 0, 0, 0];
  const aligned = parts.every((value, index) => index <= part || value === first[index]);
  if (!aligned || (unit === 'quarter' && (parts[1] - 1) % 3 !== 0) || (unit === 'week' && new Date(start).getUTCDay() !== 1)) return undefined;
  const next = parts.map((value, index) => (index === part ? value + step : value));
  const end = Date.UTC(next[0] ?? 0, (next[1] ?? 1) - 1, next[2], next[3], next[4], next[5]);
  return { start: written(start, part), end: written(end, part) };
}

function written(time: number, part: number): string {
  const iso = new Date(time).toISOString();
  return part <= 2 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

type Parts = readonly [number, number, number, number, number, number];

/** A time of the years 1000 to 9998 in digits; nothing that PostgreSQL might read otherwise. */
function partsOf(text: string): Parts | undefined {
  const found = /^([1-9]\d{3})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1).map((each) => Number(each ?? 0));
  const parts: Parts = [year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0];
  const time = new Date(Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]));
  // 30 February would become 1 March.
  return parts[0] < 9999 && time.getUTCMonth() === parts[1] - 1 && time.getUTCDate() === parts[2] && parts[3] < 24 && parts[4] < 60 && parts[5] < 60 ? parts : undefined;
}
