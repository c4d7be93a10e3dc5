/**
 * Gives one value for all that have the same key: ten thousand tables have a million parts, of which few differ. Only for what
 * never changes.
 */
export class Shared<T> {
  readonly #most: number;
  readonly #known = new Map<string, T>();

  /** @param most how many are kept */
  constructor(most = mostShared) {
    this.#most = most;
  }

  /** @param make of equal keys equal values */
  get(key: string, make: () => T): T {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.#known.size < this.#most) this.#known.set(key, made);
    return made;
  }
}

/** Where all are different, keeping more would cost what it saves. */
const mostShared = 50_000;

/** Makes something of each of many values, once where they are one object. Only for what never changes. */
export class Derived<From extends object, To> {
  readonly #make: (from: From) => To;
  readonly #known = new Map<From, To>();

  constructor(make: (from: From) => To) {
    this.#make = make;
  }

  of(from: From): To {
    const known = this.#known.get(from);
    if (known !== undefined) return known;
    const made = this.#make(from);
    if (this.#known.size < mostShared) this.#known.set(from, made);
    return made;
  }
}
