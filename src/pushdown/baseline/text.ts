import { UserError } from '../../base/user-error.ts';
import { clauseKinds, verdictWords } from '../../model/verdict.ts';
import type { Baseline, BaselineEntry } from './entry.ts';

/** Grows when an older fdw would misread the file. */
const formatVersion = 1;

/** A baseline as the text of its file: JSON, an entry after the other, so that a review shows what has changed. */
export function baselineText({ entries }: Baseline): string {
  return `${JSON.stringify({ format_version: formatVersion, queries: entries.map(({ file, name, verdict, blocked }) => ({ file, name, verdict, blocked })) }, null, 2)}\n`;
}

/** Reads such a text. @throws UserError `baseline-invalid` where it is none, or of a later version */
export function parseBaseline(text: string, file: string): Baseline {
  const invalid = (why: string, cause?: unknown): UserError =>
    new UserError('baseline-invalid', `${file} is no baseline of fdw.`, { why, todo: 'Write it anew with --update-baseline, or correct it.', cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid('It is not JSON.', error);
  }
  if (!isObject(value) || !Array.isArray(value['queries'])) throw invalid('It has no list `queries`.');
  if (value['format_version'] !== formatVersion) throw invalid(`Its format_version is not ${formatVersion}.`);
  const all: readonly unknown[] = value['queries'];
  return {
    entries: all.map((each, index) => {
      const entry = readEntry(each);
      if (entry === undefined) throw invalid(`Entry ${index + 1} of \`queries\` is malformed.`);
      return entry;
    }),
  };
}

function readEntry(value: unknown): BaselineEntry | undefined {
  if (!isObject(value)) return undefined;
  const { file, name, blocked } = value;
  const verdict = verdictWords.find((word) => word === value['verdict']);
  if (typeof file !== 'string' || typeof name !== 'string' || verdict === undefined || !Array.isArray(blocked)) return undefined;
  const kinds: BaselineEntry['blocked'][number][] = [];
  for (const each of blocked as readonly unknown[]) {
    if (!isObject(each) || !Array.isArray(each['reasons'])) return undefined;
    const kind = clauseKinds.find((known) => known === each['kind']);
    const reasons = (each['reasons'] as readonly unknown[]).filter((reason) => typeof reason === 'string');
    if (kind === undefined) return undefined;
    kinds.push({ kind, reasons });
  }
  return { file, name, verdict, blocked: kinds };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
