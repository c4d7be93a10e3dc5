import { createHash } from 'node:crypto';
import { UserError } from '../base/user-error.ts';
import { objectsOf } from '../model/database-state.ts';
import type { DatabaseState } from '../model/objects.ts';
import type { OptionValue } from '../model/option.ts';
import type { Plan } from './types.ts';

/** The layout of a plan file; a file of another one is refused. */
const formatVersion = 1;

interface PlanFile {
  readonly format_version: typeof formatVersion;
  /** SHA-256 (hex) of `plan` as JSON: tells a file that was cut or edited. */
  readonly checksum: string;
  readonly plan: Plan;
}

/**
 * The text of a plan file: no secret, only where each comes from; the same bytes for the same plan.
 * @throws UserError `plan-holds-literal` where the spec has a password written out, which cannot be saved
 */
export function serialisePlan(plan: Plan): string {
  if (optionValues(plan.desired).some((value) => value.kind === 'reference' && value.reference.source === 'literal')) {
    throw new UserError('plan-holds-literal', 'This plan cannot be saved.', {
      why: 'The spec has a password written out in it, and a plan file holds no secret.',
      todo: 'Say where the password comes from instead: `password: {env: NAME}` or `password: {file: path}`.',
    });
  }
  const file: PlanFile = { format_version: formatVersion, checksum: checksumOf(plan), plan };
  return JSON.stringify(file, undefined, 2);
}

/**
 * The plan in a plan file's text.
 * @throws UserError `plan-file-invalid`
 */
export function parsePlanFile(text: string): Plan {
  const file = parse(text);
  if (!isPlanFile(file)) throw invalid('It was not written by `fdw plan --out`, or was changed or cut afterwards.');
  return file.plan;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid('It is not JSON.', error);
  }
}

/** The checksum makes this more than a guess at the shape: only fdw writes a matching one. */
function isPlanFile(value: unknown): value is PlanFile {
  if (typeof value !== 'object' || value === null || !('format_version' in value)) return false;
  if (value.format_version !== formatVersion) {
    throw invalid(`Its format_version is ${JSON.stringify(value.format_version)}; this fdw reads ${formatVersion}.`);
  }
  return 'plan' in value && 'checksum' in value && value.checksum === checksumOf(value.plan);
}

function checksumOf(plan: unknown): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

function optionValues(state: DatabaseState): readonly OptionValue[] {
  return objectsOf(state).flatMap((object) => {
    switch (object.kind) {
      case 'server':
      case 'foreign-table':
        return object.options.map(({ value }) => value);
      case 'user-mapping':
        return object.options === 'unknown' ? [] : object.options.map(({ value }) => value);
      case 'extension':
      case 'schema':
      case 'enum':
      case 'domain':
      case 'composite':
      case 'range':
        return [];
    }
  });
}

function invalid(why: string, cause?: unknown): UserError {
  return new UserError('plan-file-invalid', 'This is not a plan file that can be applied.', {
    why,
    todo: 'Make one with `fdw plan --out FILE`.',
    cause,
  });
}
