import { qualified } from '../../sql/quote.ts';
import type { ReasonId } from '../../model/rules.ts';
import type { Parser } from '../parser.ts';
import type { Reason } from '../types.ts';
import { filteredScans, largeTable, smallShare } from './large-scan.ts';
import { askAbout, sizesOf } from './line.ts';
import type { RemoteLine } from './line.ts';
import type { AskOptions, RemoteAnswer } from './types.ts';

/** What a server says of Remote SQLs over one line, each with reasons. */
export async function asked(line: RemoteLine, parser: Parser, server: string, texts: readonly string[], { statementTimeoutMs, signal }: AskOptions): Promise<ReadonlyMap<string, readonly Reason[]>> {
  const notes = new Map<string, readonly Reason[]>();
  for (const text of texts) {
    signal?.throwIfAborted();
    const answer = await askAbout(line, parser, text, statementTimeoutMs);
    const scans = answer.kind === 'valid' ? filteredScans(answer.plan) : [];
    const sizes = await sizesOf(line, scans);
    const slow = scans.flatMap(({ schema, name, condition, rows }): readonly Reason[] => {
      const size = sizes.get(qualified({ schema, name })) ?? 0;
      if (size < largeTable || rows > size * smallShare) return [];
      return [{ id: 'remote-seq-scan', subject: `${server}: ${schema}.${name}`, message: `${server} reads all of ${schema}.${name}, about ${Math.round(size)} rows, for the ${rows} or so that pass ${condition}: it has no index for that` }];
    });
    notes.set(text, [...reasonsOf(server, answer), ...slow]);
  }
  return notes;
}

/** 42883: no such operator or function for these types; 42804: a value of another type than the column. */
const typeErrors = new Set(['42883', '42804']);

/** What is objected to an answer. */
export function reasonsOf(server: string, answer: RemoteAnswer): readonly Reason[] {
  if (answer.kind === 'valid') return [];
  const id: ReasonId = answer.kind === 'unknown' ? 'remote-not-asked' : typeErrors.has(answer.sqlstate) ? 'type-mismatch' : 'remote-sql-invalid';
  return [{ id, subject: server, message: answer.kind === 'unknown' ? `${server} could not be asked: ${answer.message}` : `${server} refuses what would be sent: ${answer.message}` }];
}
