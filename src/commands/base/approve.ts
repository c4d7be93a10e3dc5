import { UserError } from '../../base/user-error.ts';
import type { Plan } from '../../plan/types.ts';
import { visible } from '../../report/text.ts';
import { askText, askYesNo, canAsk } from './ask.ts';

/**
 * Asks on stderr whether to carry out the plan that was just shown. One that drops or replaces something
 * wants the database's name typed, others a plain yes.
 * @throws UserError without a terminal, and where the user does not approve; inquirer's own on Ctrl-C
 */
export async function approve(plan: Plan, signal: AbortSignal): Promise<void> {
  if (!canAsk()) {
    throw new UserError('approval-needed', 'apply asks before it changes anything, and there is no terminal to ask at.', {
      todo: 'Approve with --yes.',
    });
  }
  const { name } = plan.database;
  const destructive = plan.summary.drop + plan.summary.replace > 0;
  const question = `This plan drops or replaces something. Type the database's name (${visible(name)}) to carry it out:`;
  const approved = destructive
    ? (await askText(question, undefined, signal)) === name
    : await askYesNo('Carry out this plan?', signal);
  if (!approved) throw new UserError('not-approved', 'Not approved: nothing was changed.');
}
