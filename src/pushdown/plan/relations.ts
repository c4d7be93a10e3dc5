import { tokens } from '../queries/lexer.ts';
import type { PlanRelation } from './node.ts';

/** What a Foreign Scan's `Relations` says. */
export interface ScanRelations {
  readonly relations: readonly PlanRelation[];
  /** The joins in it, innermost first: `INNER`, `LEFT`, `RIGHT`, `FULL`, `SEMI`. */
  readonly joins: readonly string[];
  readonly aggregate: boolean;
}

/**
 * Reads `Relations`, whose grammar is (postgresExplainForeignScan and foreign_join_ok, contrib/postgres_fdw,
 * 14 to 18): `[schema.]name [alias]`, `(rel) INNER JOIN (rel)`, `Aggregate on (rel)`. Names are quoted as
 * identifiers, so `Aggregate` with a capital is never a name.
 */
export function readRelations(text: string): ScanRelations {
  const relations: PlanRelation[] = [];
  const joins: string[] = [];
  let aggregate = false;
  let name = new NameReader();
  let afterClose = false;
  for (const token of tokens(text)) {
    const word = text.slice(token.start, token.end);
    if (token.kind === 'open' || token.kind === 'close') {
      relations.push(...name.finish());
      name = new NameReader();
      afterClose = token.kind === 'close';
    } else if (afterClose) {
      if (word !== 'JOIN') joins.push(word);
    } else if (word === 'Aggregate') {
      aggregate = true;
    } else if (word !== 'on') {
      // `on` of `Aggregate on`; as a name it would be quoted, being reserved.
      name.take(word);
    }
  }
  return { relations: [...relations, ...name.finish()], joins, aggregate };
}

/** Reads `[schema.]name [alias]` word by word. */
class NameReader {
  readonly #parts: string[] = [];
  #qualified = false;

  take(word: string): void {
    if (word === '.') this.#qualified = true;
    else this.#parts.push(unquote(word));
  }

  finish(): readonly PlanRelation[] {
    const [first, second, third] = this.#parts;
    if (first === undefined) return [];
    if (!this.#qualified) return [{ schema: '', name: first, alias: second ?? first }];
    return [{ schema: first, name: second ?? '', alias: third ?? second ?? '' }];
  }
}

/** A name as stored, of a name as `quote_identifier` prints it. */
export function unquote(name: string): string {
  return name.startsWith('"') && name.endsWith('"') && name.length > 1 ? name.slice(1, -1).replaceAll('""', '"') : name;
}
