import { SpecError } from '../base/spec-error.ts';
import type { Problem } from '../base/spec-error.ts';
import type { UserError } from '../base/user-error.ts';
import { formatVersion } from './format-version.ts';
import { renderProblems } from './problems.ts';
import type { Surface } from './style.ts';
import { visible, visibleLines, wrap } from './text.ts';

/** The shape of a problem in JSON. */
export interface ProblemJson {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string | null;
}

/** A problem as JSON; places count from 1. */
export function problemJson(problem: Problem): ProblemJson {
  return {
    file: problem.at?.source.file ?? null,
    line: problem.at?.line ?? null,
    column: problem.at?.column ?? null,
    message: problem.message,
    hint: problem.hint ?? null,
  };
}

/** An error as the JSON that stands on stdout in its place; see schema/error.schema.json. */
export function errorJson(error: UserError): object {
  return {
    format_version: formatVersion,
    error: {
      id: error.id,
      message: error.message,
      why: error.why ?? null,
      todo: error.todo ?? null,
      ...(error instanceof SpecError && { problems: error.problems.map(problemJson) }),
    },
  };
}

/** An error for people: what, why, what to do; the problems of a spec before that. Without a final line feed. */
export function errorText(error: UserError, surface: Surface): string {
  const { style, width } = surface;
  const problems = error instanceof SpecError ? `${renderProblems(error.problems, surface)}\n\n` : '';
  const lines = [wrap(`${style.bold(style.red('Error:'))} ${visible(error.message)}`, width)];
  if (error.why !== undefined) lines.push(wrap(visibleLines(error.why), width, 2));
  if (error.todo !== undefined) lines.push(wrap(`${style.cyan('→')} ${visibleLines(error.todo)}`, width, 2, 2));
  return problems + lines.join('\n');
}
