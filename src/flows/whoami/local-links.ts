import type { AccessStep } from '../../catalog/access-steps.ts';
import type { AccessLink } from '../../model/access.ts';
import { ident, qualified } from '../../sql/quote.ts';

/** What was asked about, and the relations and functions from there down to the foreign tables, each below what leads to it. */
export function localLinks(steps: readonly AccessStep[]): readonly AccessLink[] {
  const below = new Map<string, AccessStep[]>();
  for (const step of steps) {
    const key = step.parent === null ? '' : keyOf(step.parent, step.parentWho ?? '', step.depth - 1);
    below.set(key, [...(below.get(key) ?? []), step]);
  }
  const from = (key: string): readonly AccessLink[] => (below.get(key) ?? []).flatMap((step) => [step.signature === null ? linkOf(step) : functionLink(step), ...from(keyOf(step.key, step.who, step.depth))]);
  return from('');
}

function keyOf(above: string, who: string, depth: number): string {
  return `${above} ${depth} ${who}`;
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

/** A function whose body is text is not looked into: what it reads may depend on anything. */
function functionLink({ kind, schema, name, signature, who, owner, invoker, parsed, may, depth }: AccessStep): AccessLink {
  const what = `${kind} ${schema}.${name}(${signature ?? ''})`;
  const as = invoker ? 'it runs as whoever calls it' : `it runs as its owner, ${owner} (SECURITY DEFINER)`;
  const call = `GRANT EXECUTE ON ${kind.toUpperCase()} ${qualified({ schema, name })}(${signature ?? ''}) TO ${ident(who)}`;
  if (may === 'none') return { kind: 'function', state: 'missing', message: `${what}: ${who} may not call it; ${as}`, depth, todo: { on: 'local', sql: call } };
  if (parsed) return { kind: 'function', state: 'ok', message: `${what}: ${who} may call it; ${as}`, depth, todo: undefined };
  return {
    kind: 'function', state: 'unknown', message: `${what}: ${who} may call it; ${as}; what it reads cannot be seen: its body is text`, depth,
    todo: { words: `Ask about what it reads: fdw whoami ${invoker ? who : owner} OBJECT. A body in BEGIN ATOMIC … END can be seen into.` },
  };
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
