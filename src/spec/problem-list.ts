import type { SourceFile, SourceSpan } from '../base/source.ts';
import type { Problem } from '../base/spec-error.ts';

/** Collects problems: one message per place once, in the order of their places, and not more than anyone reads. */
export class ProblemList {
  readonly #problems = new Map<string, Problem>();
  /** The sources in the order in which they came up. */
  readonly #sources = new Map<SourceFile | undefined, number>();
  #leftOut = 0;

  add(at: SourceSpan | undefined, message: string, hint?: string): void {
    const key = `${this.#order(at)}:${at?.line}:${at?.column}:${message}`;
    if (this.#problems.has(key)) return;
    if (this.#problems.size >= most) this.#leftOut++;
    else this.#problems.set(key, { message, at, hint });
  }

  /** Adds all of another list. */
  addAll(other: ProblemList): void {
    for (const { at, message, hint } of other.#problems.values()) this.add(at, message, hint);
    this.#leftOut += other.#leftOut;
  }

  get empty(): boolean {
    return this.#problems.size === 0;
  }

  /** Whether more would only be counted. */
  get full(): boolean {
    return this.#problems.size >= most;
  }

  #order(at: SourceSpan | undefined): number {
    const order = this.#sources.get(at?.source) ?? this.#sources.size;
    this.#sources.set(at?.source, order);
    return order;
  }

  /** Sorted; where some were left out, the last one says how many. */
  list(): readonly Problem[] {
    const sorted = [...this.#problems.values()].sort((a, b) => this.#order(a.at) - this.#order(b.at) || byPlace(a, b));
    return this.#leftOut === 0 ? sorted : [...sorted, { message: `… and ${this.#leftOut} more problems`, at: undefined }];
  }
}

const most = 500;

function byPlace(a: Problem, b: Problem): number {
  return (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0);
}
