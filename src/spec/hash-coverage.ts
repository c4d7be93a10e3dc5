/** A hash partition: the rows whose hash leaves this remainder. */
export interface HashBound {
  readonly modulus: number;
  readonly remainder: number;
}

/** How hash partitions cover all rows. */
export interface HashCoverage<Bound extends HashBound> {
  /** Pairs of which one takes rows of the other. */
  readonly clashes: readonly (readonly [Bound, Bound])[];
  /** Pairs whose moduli PostgreSQL does not take together. */
  readonly unfit: readonly (readonly [Bound, Bound])[];
  /** What no partition takes; only to be had where all moduli fit. */
  readonly missing: readonly HashBound[];
}

/**
 * Holds hash partitions against each other. Every modulus must be a factor of the next larger one
 * (postgresql.org/docs/18/sql-createtable.html, "FOR VALUES WITH"), so all are factors of the largest.
 */
export function hashCoverage<Bound extends HashBound>(bounds: readonly Bound[]): HashCoverage<Bound> {
  const sorted = [...bounds].sort((a, b) => a.modulus - b.modulus);
  const unfit = sorted.flatMap((bound, index) => {
    const smaller = sorted[index - 1];
    return smaller === undefined || bound.modulus % smaller.modulus === 0 ? [] : [[bound, smaller] as const];
  });
  return { clashes: clashesOf(sorted), unfit, missing: unfit.length > 0 ? [] : missingOf(sorted) };
}

/** Two classes meet where their remainders are equal by the smaller modulus. */
function clashesOf<Bound extends HashBound>(sorted: readonly Bound[]): readonly (readonly [Bound, Bound])[] {
  const clashes: (readonly [Bound, Bound])[] = [];
  const moduli = [...new Set(sorted.map(({ modulus }) => modulus))];
  const seen = new Map<string, Bound>();
  for (const bound of sorted) {
    const earlier = moduli.flatMap((modulus) => (modulus > bound.modulus ? [] : (seen.get(`${modulus} ${bound.remainder % modulus}`) ?? []))).at(0);
    if (earlier !== undefined) clashes.push([bound, earlier]);
    else seen.set(`${bound.modulus} ${bound.remainder}`, bound);
  }
  return clashes;
}

/** Looks at ever smaller classes, but only into those that some partition takes a part of. */
function missingOf(bounds: readonly HashBound[]): readonly HashBound[] {
  const moduli = [...new Set(bounds.map(({ modulus }) => modulus))].sort((a, b) => a - b);
  const missing: HashBound[] = [];
  const look = (modulus: number, remainder: number, within: readonly HashBound[], level: number): void => {
    if (within.length === 0) missing.push({ modulus, remainder });
    if (within.length === 0 || within.some((bound) => bound.modulus <= modulus)) return;
    const next = moduli[level];
    if (next === undefined) return;
    const parts = new Map<number, HashBound[]>();
    for (const bound of within) parts.set(bound.remainder % next, [...(parts.get(bound.remainder % next) ?? []), bound]);
    for (let part = remainder; part < next && missing.length < mostMissing; part += modulus) look(next, part, parts.get(part) ?? [], level + 1);
  };
  look(1, 0, bounds, 0);
  return missing;
}

/** More do not help to see what is wrong. */
const mostMissing = 20;
