import type { DriftFinding, DriftReport, DriftServer, DriftUnknown } from '../model/drift.ts';
import { tableName } from './drift-text.ts';
import { element, xmlText } from './xml.ts';

/** Drift as JUnit XML: a suite per server, a case for each table that something was found of, and one for the rest. */
export function driftJunit(report: DriftReport): string {
  const suites = report.servers.map((server) => suite(server, report));
  const xml = element('testsuites', { name: 'fdw drift', ...totals(suites) }, suites.map((each) => each.xml));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}

interface Suite {
  readonly xml: string;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function totals(suites: readonly Suite[]): Record<'tests' | 'failures' | 'errors', number> {
  const sum = (of: (suite: Suite) => number): number => suites.reduce((total, each) => total + of(each), 0);
  return { tests: sum(({ tests }) => tests), failures: sum(({ failures }) => failures), errors: sum(({ errors }) => errors) };
}

function suite({ name, tables }: DriftServer, report: DriftReport): Suite {
  const unknown = report.unknown.filter(({ server }) => server === name);
  const findings = report.findings.filter(({ server }) => server === name);
  const cases = [...unknown.map((each) => errorCase(name, each)), ...findings.map((each) => findingCase(name, each))];
  const clean = cases.length === 0 ? [element('testcase', { name: `${tables} foreign tables`, classname: name }, [])] : [];
  const failures = findings.filter(({ class: word }) => word !== 'invisible').length;
  const counts = { tests: cases.length + clean.length, failures, errors: unknown.length };
  return { ...counts, xml: element('testsuite', { name, ...counts }, [...cases, ...clean]) };
}

function errorCase(classname: string, { table, id, message, todo }: DriftUnknown): string {
  return element('testcase', { name: table === undefined ? classname : tableName(table), classname }, [element('error', { type: id, message }, [xmlText(todo ?? message)])]);
}

/** What is invisible fails nothing; it is said in the case's output. */
function findingCase(classname: string, { id, class: word, tables, subject, message, mend }: DriftFinding): string {
  const name = [tables.map(tableName).join(', ') || classname, subject, id].filter((part) => part !== undefined).join(' ');
  const text = xmlText([`${word}: ${message}`, ...mend.map((sql) => `${sql};`)].join('\n'));
  return element('testcase', { name, classname }, [word === 'invisible' ? element('system-out', {}, [text]) : element('failure', { type: id, message }, [text])]);
}
