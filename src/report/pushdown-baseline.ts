import type { CheckResult } from '../flows/types.ts';

/** What a run and its baseline do not have in common, a sentence each; empty without a baseline. Not yet fit for a terminal. */
export function baselineSentences(baseline: CheckResult['baseline']): readonly string[] {
  if (baseline === undefined) return [];
  const { file, updated, changes } = baseline;
  return [
    ...changes.added.map(({ name }) => `new: ${name}`),
    ...changes.improved.map((sentence) => `improved: ${sentence}`),
    ...changes.gone.map((entry) => `${updated ? 'dropped' : 'gone'}: ${entry}`),
    ...(updated ? [`The baseline ${file} was written.`] : []),
    ...(!updated && changes.added.length + changes.improved.length + changes.gone.length > 0 ? [`--update-baseline takes this into ${file}.`] : []),
  ];
}

/** The same as JSON. */
export function baselineJson(baseline: CheckResult['baseline']): object | null {
  if (baseline === undefined) return null;
  const { file, updated, changes } = baseline;
  return { file, updated, new: changes.added.map(({ name }) => name), improved: changes.improved, gone: changes.gone };
}
