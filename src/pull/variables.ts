/** Names of environment variables for secrets: valid in every shell, none given twice. */
export class Variables {
  readonly #taken = new Set(['DATABASE_URL', 'FDW_DATABASE_URL']);
  readonly #given: string[] = [];

  /** `shop`, `etl user`, `password` give `SHOP_ETL_USER_PASSWORD`, or that with a number behind it. */
  nameFor(...parts: readonly string[]): string {
    const words = parts.join('_').toUpperCase().replace(/[^A-Z0-9]+/g, '_').replace(/^_|_$/g, '');
    const base = words === '' ? 'SECRET' : /^[0-9]/.test(words) ? `_${words}` : words;
    let name = base;
    for (let next = 2; this.#taken.has(name); next++) name = `${base}_${next}`;
    this.#taken.add(name);
    this.#given.push(name);
    return name;
  }

  /** All names so far, in the order they were asked for. */
  get given(): readonly string[] {
    return [...this.#given];
  }
}
