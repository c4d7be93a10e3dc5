import { UserError } from '../../base/user-error.ts';
import { describeHost } from '../connection/describe.ts';
import type { Target, TargetHost } from '../connection/target.ts';
import type { FailedAttempt } from './establish.ts';
import { explain } from './failure-text.ts';
import type { Explained } from './failure-text.ts';

/**
 * All failed attempts as one error. With one host its reason is the error's; with several, every host's
 * reason is a line of `why`, and the id is theirs if they agree.
 */
export function connectionError(failed: readonly FailedAttempt[], target: Target): UserError {
  const byHost = new Map<TargetHost, Explained[]>();
  for (const attempt of failed) {
    const reasons = byHost.get(attempt.host) ?? [];
    // That sslmode=prefer went on without TLS is no reason of its own.
    if (attempt.failure.kind === 'tls-unsupported' && target.tls.mode === 'prefer') continue;
    const explained = explain(attempt, target);
    // Several addresses, or a try with and one without TLS, often fail alike.
    if (!reasons.some(({ why }) => why === explained.why)) reasons.push(explained);
    byHost.set(attempt.host, reasons);
  }
  const hosts = [...byHost];
  const all = hosts.flatMap(([, reasons]) => reasons);
  const last = all.at(-1);
  if (last === undefined) return new UserError('connection-failed', 'There is no host to connect to.');

  const [first] = hosts;
  if (hosts.length === 1 && first !== undefined) {
    const [host, reasons] = first;
    return new UserError(mainReason(reasons, last).id, `Could not connect to "${target.database}" at ${describeHost(host)}.`, {
      why: reasons.map(({ why }) => why).join('\n'),
      todo: mainReason(reasons, last).todo,
    });
  }
  const sameId = all.every(({ id }) => id === last.id);
  return new UserError(sameId ? last.id : 'no-host-usable', `Could not connect to "${target.database}": none of ${hosts.length} hosts will do.`, {
    why: hosts.map(([host, reasons]) => `${describeHost(host)}: ${reasons.map(({ why }) => why).join(' ')}`).join('\n'),
    todo: last.todo,
  });
}

/** With and without TLS the server may refuse for different reasons: the first says more, unless it is only about TLS. */
function mainReason(reasons: readonly Explained[], last: Explained): Explained {
  return reasons.find(({ id }) => id !== 'tls-required' && !id.startsWith('tls-')) ?? last;
}
