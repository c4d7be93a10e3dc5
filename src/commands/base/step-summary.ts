import { appendFile } from 'node:fs/promises';
import { writing } from './files.ts';

/**
 * Adds Markdown to the summary of a step of GitHub Actions; without one (GITHUB_STEP_SUMMARY) it does nothing.
 * The file may hold other steps' words already.
 */
export async function writeStepSummary(env: NodeJS.ProcessEnv, markdown: string): Promise<void> {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  await writing(file, (path) => appendFile(path, `${markdown}\n`));
}
