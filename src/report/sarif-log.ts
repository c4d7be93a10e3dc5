/**
 * Rules and results in the envelope of SARIF 2.1.0 (docs.oasis-open.org/sarif).
 * @param version of fdw
 */
export function sarifLog(rules: readonly object[], results: readonly object[], version: string): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'fdw', semanticVersion: version, rules } }, columnKind: 'utf16CodeUnits', results }],
  };
}
