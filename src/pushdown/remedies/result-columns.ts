import type { Prober, ResultColumn } from '../oracle/prober.ts';

/** What PostgreSQL calls a column that has no name. */
const unnamed = '?column?';

/** Describes the result of statements; nothing is executed. */
export class Results {
  readonly #prober: Prober;
  readonly #known = new Map<string, readonly ResultColumn[] | undefined>();

  constructor(prober: Prober) {
    this.#prober = prober;
  }

  /** How the columns of another statement's result differ from those of a statement, a sentence each; undefined: they are not as many. */
  async differences(before: string, after: string): Promise<readonly string[] | undefined> {
    const [was, is] = [await this.#columns(before), await this.#columns(after)];
    await this.#prober.close();
    // Parameters of unknown type, say.
    if (was === undefined || is === undefined) return [];
    if (was.length !== is.length) return undefined;
    return was.flatMap(({ name, oid }, index) => {
      const now = is[index];
      if (now === undefined) return [];
      return [
        ...(name === now.name || name === unnamed ? [] : [`the result column ${name} is then called ${now.name}`]),
        ...(oid === now.oid ? [] : [`the result column ${name} is then of another type`]),
      ];
    });
  }

  async #columns(sql: string): Promise<readonly ResultColumn[] | undefined> {
    if (!this.#known.has(sql)) this.#known.set(sql, await this.#prober.describe(sql));
    return this.#known.get(sql);
  }
}
