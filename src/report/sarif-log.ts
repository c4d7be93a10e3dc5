import { count } from './text.ts';
import { jsonPieces, LazyList } from './pieces.ts';
import type { Pieces } from './pieces.ts';

/**
 * Code scanning refuses a run with more results, and shows the 5,000 most severe ones
 * (docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit).
 */
const most = 25_000;

/**
 * Rules and results in the envelope of SARIF 2.1.0 (docs.oasis-open.org/sarif). Of more results than code scanning takes the first
 * ones; a notification (3.20.21) says how many there are.
 *
 * @param results the most severe first
 * @param found how many there are
 * @param version of fdw
 */
export function sarifLog(rules: readonly object[], results: Iterable<object>, found: number, version: string): Pieces {
  const left = found - most;
  const text = `${count(left, 'result')} of ${found} left out: code scanning takes ${most}.`;
  const run = {
    tool: { driver: { name: 'fdw', semanticVersion: version, rules } },
    ...(left > 0 && { invocations: [{ executionSuccessful: true, toolExecutionNotifications: [{ level: 'warning', message: { text } }] }] }),
    columnKind: 'utf16CodeUnits',
    results: new LazyList(first(most, results)),
  };
  return jsonPieces({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: new LazyList([run]) });
}

function* first<T>(most: number, all: Iterable<T>): Generator<T> {
  let taken = 0;
  for (const each of all) {
    if ((taken += 1) > most) return;
    yield each;
  }
}
