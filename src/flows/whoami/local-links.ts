import type { AccessStep } from '../../catalog/access-steps.ts';
import type { AccessLink } from '../../model/access.ts';
import { ident, qualified } from '../../sql/quote.ts';

/** The relations from the one that was asked about down to the foreign tables, each below the one that leads to it. */
export function localLinks(steps: readonly AccessStep[]): readonly AccessLink[] {
  const below = new Map<string, AccessStep[]>();
  for (const step of steps) {
    const key = step.parent === null ? '' : keyOf(step.parent, step.parentWho ?? '', step.depth - 1);
    below.set(key, [...(below.get(key) ?? []), step]);
  }
  const from = (key: string): readonly AccessLink[] => (below.get(key) ?? []).flatMap((step) => [linkOf(step), ...from(keyOf(step.oid, step.who, step.depth))]);
  return from('');
}

function keyOf(relation: string, who: string, depth: number): string {
  return `${relation} ${depth} ${who}`;
}

function linkOf(step: AccessStep): AccessLink {
  const { kind, depth, who, may, checked, become } = step;
  const what = `${kind} ${step.schema}.${step.name}${ofServer(step)}`;
  const state = checked && may === 'none' ? 'missing' : 'ok';
  const below = belowIt(step);
  const message = !checked ? `${what}, read through its parent`
    : may === 'all' ? `${what}: ${who} may read it${below}`
    : may === 'columns' ? `${what}: ${who} may read some of its columns${below}`
    : `${what}: ${who} may not read it${become === null ? '' : `, but may SET ROLE ${become}, who may`}${below}`;
  return { kind: 'relation', state, message, depth, todo: state === 'ok' ? undefined : { on: 'local', sql: `GRANT SELECT ON ${qualified(step)} TO ${ident(who)}` } };
}

function ofServer({ server }: AccessStep): string {
  return server === null ? '' : ` of server ${server}`;
}

/** As whom a view reads what it names. */
function belowIt({ kind, owner, invoker }: AccessStep): string {
  if (kind === 'materialized view') return `; its rows came when its owner, ${owner}, refreshed it`;
  if (kind !== 'view') return '';
  return invoker ? '; it reads as whoever asks (security_invoker)' : `; it reads as its owner, ${owner}`;
}
