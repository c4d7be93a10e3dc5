import { createHash } from 'node:crypto';
import { Secret } from '../base/secret.ts';
import { UserError } from '../base/user-error.ts';
import { version } from '../base/version.ts';
import { compact, type CompactState, expand } from './compact-state.ts';
import type { Provenance } from './provenance.ts';
import type { Plan } from './types.ts';

/** The layout of a plan file; a file of another one is refused. */
const formatVersion = 3;

/** Last in the file. */
const savedKey = '"saved": ';

/** A plan, and what it was made from. */
export interface SavedPlan {
  readonly madeFrom: Provenance;
  readonly plan: Plan;
}

interface PlanFile {
  readonly format_version: typeof formatVersion;
  /** The version that wrote it; no other one reads it, since the shape of a plan follows the version. */
  readonly fdw: string;
  /** SHA-256 (hex) of what `saved` holds as JSON: tells a file that was edited. */
  readonly checksum: string;
  readonly saved: Omit<SavedPlan, 'plan'> & { readonly plan: Omit<Plan, 'desired'> & { readonly desired: CompactState } };
}

/**
 * The text of a plan file: no secret, only where each comes from; the same bytes for the same plan.
 * @throws UserError `plan-holds-literal` where the spec has a password written out, which cannot be saved
 */
export function serialisePlan(saved: SavedPlan): string {
  if (holdsSecret(saved.plan)) {
    throw new UserError('plan-holds-literal', 'This plan cannot be saved.', {
      why: 'The spec has a password written out in it, and a plan file holds no secret.',
      todo: 'Say where the password comes from instead: `password: {env: NAME}` or `password: {file: path}`.',
    });
  }
  const { madeFrom, plan } = saved;
  const text = JSON.stringify({ madeFrom, plan: { ...plan, desired: compact(plan.desired) } } satisfies PlanFile['saved']);
  const head = { format_version: formatVersion, fdw: version, checksum: hashOf(text) } satisfies Omit<PlanFile, 'saved'>;
  // What is saved is written as it was hashed: with ten thousand tables it is large, and nobody reads it.
  return `{${Object.entries(head).map(([key, value]) => `\n  ${JSON.stringify(key)}: ${JSON.stringify(value)},`).join('')}\n  ${savedKey}${text}\n}`;
}

/**
 * What a plan file's text holds.
 * @throws UserError `plan-file-invalid`
 */
export function parsePlanFile(text: string): SavedPlan {
  if (text.trim() === '') throw invalid('It is empty.');
  const file = parse(text);
  if (!isPlanFile(file, text)) throw invalid('It was not written by `fdw plan --out`, or was edited afterwards.');
  const { madeFrom, plan } = file.saved;
  return { madeFrom, plan: { ...plan, desired: expand(plan.desired) } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid('It is not JSON, or only a part of it: was it cut on the way?', error);
  }
}

/** The checksum makes this more than a guess at the shape: only this fdw writes a matching one. */
function isPlanFile(value: unknown, text: string): value is PlanFile {
  if (typeof value !== 'object' || value === null || !('format_version' in value)) return false;
  if (value.format_version !== formatVersion) {
    throw invalid(`Its format_version is ${JSON.stringify(value.format_version)}; this fdw reads ${formatVersion}.`);
  }
  if ('fdw' in value && value.fdw !== version) throw invalid(`It was written by fdw ${String(value.fdw)}, and this is fdw ${version}.`);
  return 'saved' in value && 'checksum' in value && value.checksum === hashOf(savedText(text));
}

/** What was hashed, as it stands in the file: to write ten thousand tables anew would take as long as to read them. */
function savedText(file: string): string {
  const start = file.indexOf(savedKey) + savedKey.length;
  return file.slice(start, file.lastIndexOf('}')).trimEnd();
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether a secret's value is anywhere in it: JSON would make `(sensitive)` of it, which is no password. */
function holdsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret);
}

function invalid(why: string, cause?: unknown): UserError {
  return new UserError('plan-file-invalid', 'This is not a plan file that can be applied.', {
    why,
    todo: 'Make one with `fdw plan --out FILE`.',
    cause,
  });
}
