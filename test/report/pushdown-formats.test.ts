import { expect, test } from 'vitest';
import type { QueryVerdict } from '../../src/pushdown/types.ts';
import { rules } from '../../src/model/rules.ts';
import { escapeMessage, escapeProperty, pushdownGithub } from '../../src/report/pushdown-github.ts';
import { pushdownJunit } from '../../src/report/pushdown-junit.ts';
import { pushdownMarkdown } from '../../src/report/pushdown-markdown.ts';
import { pushdownSarif } from '../../src/report/pushdown-sarif.ts';
import { pushdownText } from '../../src/report/pushdown-text.ts';
import { plain } from './plans.ts';
import { none, query, report, reportOf } from './pushdown-reports.ts';
import { parseXml } from './xml.ts';

const textOf = (pieces: Iterable<string>): string => [...pieces].join('');
const pathOf = (file: string): string => `sub folder/${file}`;

test('as annotations of GitHub, the most severe first', () => {
  expect(pushdownGithub(report, pathOf)).toMatchSnapshot();
  expect(pushdownGithub(none, pathOf)).toBe('0 queries.');
});

test('GitHub gets 10 annotations of a level, and is told of the rest', () => {
  const missed = Array.from({ length: 13 }, (_, index) => query({ name: `q${index}`, verdict: 'none', missed: ['expected full'] }));
  const lines = pushdownGithub(reportOf(missed), pathOf).split('\n');
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
  expect(lines.at(-2)).toBe('3 errors left out: GitHub shows 10 of a level per step.');
});

test('that no reason is known is said in every format', () => {
  const odd = reportOf([query({ name: 'odd', verdict: 'none', clauses: [{ kind: 'sort', text: 'ORDER BY x', runs: 'local', cause: 'blocked', place: undefined, costs: undefined, reasons: [], remedies: [] }] })]);
  const formats = { text: textOf(pushdownText(odd, plain)), markdown: pushdownMarkdown(odd), junit: textOf(pushdownJunit(odd)), github: pushdownGithub(odd, pathOf), sarif: textOf(pushdownSarif(odd, pathOf, '1')) };
  for (const [format, text] of Object.entries(formats)) expect(text, format).toMatch(/runs-here|ORDER BY x runs here/);
});

test.each([
  ['plain text', 'plain text', 'plain text'],
  ['100%', '100%25', '100%25'],
  ['a\r\nb', 'a%0D%0Ab', 'a%0D%0Ab'],
  ['a:b,c', 'a:b,c', 'a%3Ab%2Cc'],
  ['%0A', '%250A', '%250A'],
  ['x\n::error::forged', 'x%0A::error::forged', 'x%0A%3A%3Aerror%3A%3Aforged'],
])('GitHub gets %j as message %j and as property %j', (text, message, property) => {
  expect([escapeMessage(text), escapeProperty(text)]).toEqual([message, property]);
});

test('nothing a query is called can begin a workflow command of its own', () => {
  const hostile = query({ name: 'a\n::set-output name=x::y', verdict: 'none', file: 'q\n::debug::.sql', missed: ['b\r::error::c'] });
  const lines = pushdownGithub(reportOf([hostile]), pathOf).split(/\r|\n/);
  expect(lines.filter((line) => line.startsWith('::'))).toHaveLength(1);
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly [{
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string; readonly shortDescription: { readonly text: string }; readonly fullDescription: { readonly text: string }; readonly help: { readonly text: string } }[] } };
    readonly invocations?: readonly object[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number> } }];
      readonly partialFingerprints: Record<string, string>;
    }[];
  }];
}

test('as SARIF with what GitHub needs', () => {
  const sarif = JSON.parse(textOf(pushdownSarif(report, pathOf, '1.2.3'))) as Sarif;
  expect(sarif).toMatchSnapshot();
  const [{ tool, results }] = sarif.runs;
  expect(sarif.version).toBe('2.1.0');
  for (const rule of tool.driver.rules) {
    expect(Object.keys(rules)).toContain(rule.id);
    for (const text of [rule.shortDescription.text, rule.fullDescription.text, rule.help.text]) expect(text).not.toBe('');
    expect(rule.shortDescription.text.length).toBeLessThanOrEqual(1024);
  }
  for (const { ruleId, ruleIndex, level, message, locations } of results) {
    expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(['error', 'warning', 'note']).toContain(level);
    expect(message.text).not.toBe('');
    const { artifactLocation, region } = locations[0].physicalLocation;
    expect(artifactLocation.uri).toMatch(/^(sub%20folder\/|command-line$|stdin$)/);
    for (const place of Object.values(region)) expect(place).toBeGreaterThanOrEqual(1);
    expect(region.endLine > region.startLine || region.endColumn > region.startColumn).toBe(true);
  }
});

test('SARIF has as many results as code scanning takes, the errors first, and says how many there are', () => {
  const many = Array.from({ length: 25_003 }, (_, index) => query({ name: `q${index}`, verdict: 'none', missed: index % 2 === 0 ? [] : ['expected full'], notes: [{ id: 'opaque-function', subject: 'f()', message: 'f() is written in plpgsql' }] }));
  const [{ results, invocations }] = (JSON.parse(textOf(pushdownSarif(reportOf(many), pathOf, '1'))) as Sarif).runs;
  expect(results).toHaveLength(25_000);
  expect(results.filter(({ level }) => level === 'error')).toHaveLength(12_501);
  expect(invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [{ level: 'warning', message: { text: '12504 results of 37504 left out: code scanning takes 25000.' } }] }]);
  const few = (JSON.parse(textOf(pushdownSarif(reportOf(many.slice(0, 100)), pathOf, '1'))) as Sarif).runs;
  expect([few[0].results.length, few[0].invocations]).toEqual([150, undefined]);
});

test('a query that moves in its file stays the same alert of SARIF', () => {
  const at = (line: number): string[] => {
    const moved = query({ name: `queries/orders.sql:${line}`, verdict: 'none', line, missed: ['expected full'] });
    return (JSON.parse(textOf(pushdownSarif(reportOf([moved]), pathOf, '1'))) as Sarif).runs[0].results.map((each) => each.partialFingerprints['fdwFinding/v1'] ?? '');
  };
  expect(at(7)).toEqual(at(1));
  expect(at(1)).toHaveLength(1);
});

test('as JUnit: a suite per file, a case per expectation or query, and well-formed whatever the names hold', () => {
  expect(textOf(pushdownJunit(report))).toMatchSnapshot();
  const { root, elements } = parseXml(textOf(pushdownJunit(report)));
  expect(root).toBe('testsuites');
  expect(elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes)).toEqual([
    { name: 'queries/orders.sql', tests: '5', failures: '1', errors: '1', time: '0.063' },
    { name: '--query', tests: '1', failures: '0', errors: '0', time: '0.013' },
  ]);
  const hostile = query({ name: 'a\u0000\u001B[2K<&>"\'\uD800\uFFFE\n]]>', verdict: 'none', missed: ['<![CDATA[ & ]]>'] });
  const cases = parseXml(textOf(pushdownJunit(reportOf([hostile])))).elements.filter(({ name }) => name === 'testcase');
  expect(cases.map(({ attributes }) => attributes['name'])).toEqual(['a[2K<&>"\'\n]]>: full']);
});

test('as Markdown, what wants a look first', () => {
  expect(pushdownMarkdown(report)).toMatchSnapshot();
  expect(pushdownMarkdown(none)).toBe('### fdw check-pushdown\n\n0 queries.');
});

test('Markdown keeps its table whatever names hold, mentions nobody, and fits into a comment', () => {
  const hostile = query({ name: 'a | b\n`c`', verdict: 'none', missed: ['<img src=x> @someone #12 [x](y) | *z*'] });
  const row = pushdownMarkdown(reportOf([hostile])).split('\n').at(-1);
  expect(row).toBe(
    '| **none** | `` a \\| b\\n`c` ``<br>`queries/orders.sql:1` | **missed:** &lt;img src=x&gt; @<!-- -->someone #<!-- -->12 \\[x\\]\\(y\\) \\| \\*z\\* |',
  );
  const many = Array.from({ length: 3000 }, (_, index) => query({ name: `query number ${index}`, verdict: 'none', missed: ['expected full'] }));
  const text = pushdownMarkdown(reportOf(many));
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/Left out for want of room: \d+ rows and remedies\.$/);
});

test('what the remote says is a finding of its own, with its level and the place of the query', () => {
  const noted = (id: 'type-mismatch' | 'remote-sql-invalid' | 'remote-not-asked' | 'remote-seq-scan', message: string): QueryVerdict => {
    const missed = id === 'remote-seq-scan' ? [] : ['its Remote SQL is not valid on shop'];
    return query({ name: id, verdict: 'full', line: 7, notes: [{ id, subject: 'shop', message }], missed, held: missed.map((each) => ({ what: 'valid on the remote', missed: each, noted: true })) });
  };
  const asked = reportOf([noted('remote-seq-scan', 'it reads all'), noted('type-mismatch', 'no operator'), noted('remote-sql-invalid', 'no column'), noted('remote-not-asked', 'it is down')]);
  const [{ results }] = (JSON.parse(textOf(pushdownSarif(asked, pathOf, '1.2.3'))) as Sarif).runs;
  const place = { startLine: 7, startColumn: 1, endLine: 7, endColumn: 9 };
  expect(results.map(({ ruleId, level, message, locations }) => [ruleId, level, message.text, locations[0].physicalLocation.region])).toEqual([
    ['type-mismatch', 'error', 'type-mismatch: no operator', place],
    ['remote-sql-invalid', 'error', 'remote-sql-invalid: no column', place],
    ['remote-not-asked', 'error', 'remote-not-asked: it is down', place],
    ['remote-seq-scan', 'warning', 'remote-seq-scan: it reads all', place],
  ]);
  expect(pushdownGithub(asked, pathOf).split('\n').slice(0, 4).map((line) => line.split('::').slice(1, 3).join(' '))).toMatchSnapshot();
  expect(textOf(pushdownJunit(asked))).toMatchSnapshot();
  expect(pushdownMarkdown(asked)).toMatchSnapshot();
});
