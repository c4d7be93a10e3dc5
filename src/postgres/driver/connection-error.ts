import { UserError } from '../../base/user-error.ts';
import { describeHost } from '../connection/describe.ts';
import type { Target, TargetHost } from '../connection/target.ts';
import type { FailedAttempt, Fruitless } from './establish.ts';
import { explain } from './failure-text.ts';
import type { Explained } from './failure-text.ts';

/**
 * A search without success as one error. With one host its reason is the error's. With several, `why` has
 * a line for each; if a refusal ended the search, the error is about that host.
 */
export function connectionError(search: Fruitless, target: Target): UserError {
  const hosts = [...reasonsByHost(search.failed, target)];
  const last = hosts.at(-1);
  const main = mainReason(search.failed, target);
  if (last === undefined || main === undefined) return new UserError('connection-failed', 'There is no host to connect to.');

  const where = `Could not connect to "${target.database}"`;
  const before = hosts.slice(0, -1);
  const line = ([host, reasons]: readonly [TargetHost, readonly string[]]): string => `${describeHost(host)}: ${reasons.join(' ')}`;
  if (search.stopped || before.length === 0) {
    const why = [...last[1], ...before.map((each) => `Tried before: ${line(each)}`)].join('\n');
    return new UserError(main.id, `${where} at ${describeHost(last[0])}.`, { why, todo: main.todo });
  }
  const ids = new Set(search.failed.map((attempt) => explain(attempt, target).id));
  return new UserError(ids.size === 1 ? main.id : 'no-host-usable', `${where}: none of ${hosts.length} hosts will do.`, {
    why: hosts.map(line).join('\n'),
    todo: ids.size === 1 ? main.todo : 'One host is enough: put right what stands next to it.',
  });
}

/** What to say of each host: several addresses, or tries with and without TLS, often fail alike. */
function reasonsByHost(failed: readonly FailedAttempt[], target: Target): ReadonlyMap<TargetHost, readonly string[]> {
  const byHost = new Map<TargetHost, string[]>();
  for (const attempt of failed) {
    const reasons = byHost.get(attempt.host) ?? [];
    byHost.set(attempt.host, reasons);
    // That sslmode=prefer went on without TLS is no reason of its own.
    if (attempt.failure.kind === 'tls-unsupported' && target.tls.mode === 'prefer') continue;
    const { why } = explain(attempt, target);
    if (!reasons.includes(why)) reasons.push(why);
  }
  return byHost;
}

/** Of the tries at the last address, the one that was meant: with TLS for `prefer`; for `allow` too, if there is TLS. */
function mainReason(failed: readonly FailedAttempt[], target: Target): Explained | undefined {
  const last = failed.at(-1);
  const tries = failed.filter(({ host, address, failure }) => host === last?.host && address === last.address && failure.kind !== 'tls-unsupported');
  const meant = (target.tls.mode === 'prefer' ? tries[0] : tries.at(-1)) ?? last;
  return meant === undefined ? undefined : explain(meant, target);
}
