import type { Node, ParseResult } from 'libpg-query';

export type { Node, SelectStmt } from 'libpg-query';

/** PostgreSQL 18's own parser (libpg-query, WASM), and the way back from tree to text. */
export interface Parser {
  /** One or more statements. @returns undefined where the text cannot be parsed */
  parse(sql: string): ParseResult | undefined;
  /** An expression as `SELECT <expression>` would take it. @returns undefined where it cannot be parsed */
  expression(text: string): Node | undefined;
  /** A tree as SQL on one line. @throws {UnprintableNode} where it holds what pgsql-deparser does not know: JSON_EXISTS, XMLTABLE … */
  text(node: Node): string;
}

/** A tree that cannot be written as SQL again. */
export class UnprintableNode extends Error {
  override readonly name = 'UnprintableNode';
}

let loading: Promise<Parser> | undefined;

/** Loads the parser, once; it takes some 200 ms. */
export function loadParser(): Promise<Parser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Parser> {
  const [{ loadModule, parseSync }, { deparseSync }] = await Promise.all([import('libpg-query'), import('pgsql-deparser')]);
  await loadModule();
  const parse = (sql: string): ParseResult | undefined => {
    const { stackTraceLimit } = Error;
    // The text is the plan's or the user's: not parsable is an answer, often asked for, and nobody reads where it was thrown.
    Error.stackTraceLimit = 0;
    try {
      return parseSync(sql);
    } catch {
      // The server has the last word on it.
      return undefined;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  const text = (node: Node): string => {
    try {
      return deparseSync(node, { pretty: false });
    } catch (error) {
      // Nested deeper than the stack goes: another matter.
      if (error instanceof RangeError) throw error;
      throw new UnprintableNode('this tree cannot be written as SQL', { cause: error });
    }
  };
  return {
    parse,
    expression(text) {
      const statement = parse(`SELECT ${text}`)?.stmts?.[0]?.stmt;
      if (statement === undefined || !('SelectStmt' in statement)) return undefined;
      const target = statement.SelectStmt.targetList?.[0];
      return target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
    },
    text,
  };
}
