import type { TextRange } from '../../base/source.ts';
import type { Node, Parser } from '../parser.ts';
import { StatementText } from '../places/extent.ts';

/**
 * Where a node of a parsed statement stands in its text. UTF-16 offsets, end exclusive.
 *
 * @returns undefined where it is not found
 */
export function extentOf(parser: Parser, sql: string, node: Node): TextRange | undefined {
  return new StatementText(parser, sql).expression(node);
}
