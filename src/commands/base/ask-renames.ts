import type { FlowRequest } from '../../flows/types.ts';
import type { LikelyRename } from '../../model/likely-rename.ts';
import { likelyRenameText } from '../../plan/likely-rename-notice.ts';
import { visible } from '../../report/text.ts';
import { askWhich, askYesNo, canAsk } from './ask.ts';
import type { Output } from './output.ts';

/**
 * Plans; where the plan drops and creates what may have been renamed and somebody can be asked, asks which was, and plans anew.
 *
 * @param discard gives back what the first plan holds
 * @throws what `make` throws, and inquirer's own on Ctrl-C
 */
export async function planAsking<R extends Pick<FlowRequest, 'signal'>, P extends { readonly likelyRenames: readonly LikelyRename[] }>(
  make: (request: R) => Promise<P>,
  request: R,
  output: Output,
  discard: (plan: P) => Promise<void>,
): Promise<P> {
  const plan = await make(request);
  if (plan.likelyRenames.length === 0 || !canAsk()) return plan;
  output.done();
  const renames = await askRenames(plan.likelyRenames, request.signal).catch(async (error: unknown) => {
    await discard(plan);
    throw error;
  });
  if (renames.length === 0) return plan;
  await discard(plan);
  output.restartProgress();
  return make({ ...request, renames });
}

async function askRenames(guesses: readonly LikelyRename[], signal: AbortSignal): Promise<readonly LikelyRename[]> {
  const lines = guesses.map((guess) => visible(likelyRenameText(guess)));
  if (lines.length === 1) return (await askYesNo(`Was ${lines.join('')} renamed?`, signal)) ? guesses : [];
  const chosen = new Set(await askWhich('Which of these were renamed?', lines, signal));
  return guesses.filter((_, index) => chosen.has(index));
}
