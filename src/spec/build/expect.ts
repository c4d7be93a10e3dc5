import type { HealthExpectation } from '../../model/health.ts';
import { asBytes, asMilliseconds } from '../units.ts';
import { shown } from '../words.ts';
import { valueOf, type Node } from '../yaml/node.ts';
import { readBoolean, readName, readText, readWord, type BuildContext } from './context.ts';

/** The `expect` of a server. */
export function buildExpectation(node: Node | undefined, context: BuildContext): HealthExpectation | undefined {
  if (node?.kind !== 'map') return undefined;
  const exact = integer(valueOf(node, 'version'));
  const least = integer(valueOf(node, 'min_version'));
  return {
    role: readWord(valueOf(node, 'role'), ['primary', 'standby']),
    maxLagMs: measure(valueOf(node, 'max_lag'), asMilliseconds, durationHint, context),
    maxLagBytes: measure(valueOf(node, 'max_lag_bytes'), asBytes, 'write a number and its unit: B, kB, MB, GB or TB, as in 16MB', context),
    tls: readWord(valueOf(node, 'tls'), ['required', 'verified']),
    minVersion: exact ?? least,
    maxVersion: exact,
    maxRoundTripMs: measure(valueOf(node, 'max_round_trip'), asMilliseconds, durationHint, context),
    maxConnectMs: measure(valueOf(node, 'max_connect'), asMilliseconds, durationHint, context),
    readOnly: readBoolean(valueOf(node, 'read_only')),
    user: readName(valueOf(node, 'user'), 'the name of a role', context)?.value,
  };
}

const durationHint = 'write a number and its unit: ms, s, min, h or d, as in 30s';

function measure(node: Node | undefined, read: (text: string) => number | undefined, hint: string, context: BuildContext): number | undefined {
  const text = readText(node, context);
  if (text === undefined) return undefined;
  const value = read(text.value);
  if (value === undefined) context.problems.add(text.at, `${shown(text.value)} has no unit that is known here`, hint);
  return value;
}

function integer(node: Node | undefined): number | undefined {
  return node?.kind === 'scalar' ? Number(node.text) : undefined;
}
