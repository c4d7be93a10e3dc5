import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { compareWithBaseline, updatedBaseline } from '../pushdown/baseline/compare.ts';
import type { Baseline } from '../pushdown/baseline/entry.ts';
import { baselineText, parseBaseline } from '../pushdown/baseline/text.ts';
import type { BaselineChanges, PushdownReport } from '../pushdown/types.ts';
import type { CheckRequest } from './types.ts';

const defaultName = 'fdw.pushdown.json';

/** A baseline that was read, or that is to be written. */
export interface OpenedBaseline {
  readonly file: string;
  readonly baseline: Baseline;
  readonly update: boolean;
}

/**
 * The baseline that a check is held to: the one that the user names, else `fdw.pushdown.json` beside the spec or in the
 * working folder if it is there.
 * @throws UserError where the user names one that is not there, or it cannot be read
 */
export async function openBaseline({ baseline, updateBaseline, specPath }: CheckRequest): Promise<OpenedBaseline | undefined> {
  const beside = specPath === undefined || specPath === '-' ? '.' : dirname(specPath);
  const file = baseline ?? join(beside, defaultName);
  if (!existsSync(file)) {
    if (updateBaseline) return { file, baseline: { entries: [] }, update: true };
    if (baseline === undefined) return undefined;
    throw new UserError('cannot-read', `There is no baseline ${file}.`, { todo: 'Write it with --update-baseline.' });
  }
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError('cannot-read', `Cannot read the baseline ${file}.`, { cause: error });
  }
  return { file, baseline: parseBaseline(text, file), update: updateBaseline };
}

/**
 * Holds a report to the baseline; with `update` writes the baseline instead.
 *
 * @param complete whether the queries are all that the spec lists
 */
export async function applyBaseline(report: PushdownReport, { file, baseline, update }: OpenedBaseline, complete: boolean): Promise<{ readonly report: PushdownReport; readonly changes: BaselineChanges }> {
  const folder = resolve(dirname(file));
  const pathOf = (path: string): string => (path === '-' ? path : relative(folder, resolve(path)).split(sep).join('/'));
  const options = { pathOf, complete };
  const compared = compareWithBaseline(report, baseline, options);
  if (!update) return compared;
  try {
    await writeFile(file, baselineText(updatedBaseline(report, baseline, options)));
  } catch (error) {
    throw new UserError('cannot-write', `Cannot write the baseline ${file}.`, { cause: error });
  }
  return { report, changes: compared.changes };
}
