import type { SourceSpan } from '../../base/source.ts';
import { reasonIds } from '../../model/rules.ts';
import { clauseKinds, expectedPlaces, limitNames, verdictWords } from '../../model/verdict.ts';
import type { Expectation, Ignore, Placed, SpecCheck, SpecPushdown } from '../types.ts';
import { relativePlace, shown } from '../words.ts';
import { valueOf, type Node } from '../yaml/node.ts';
import { readName, readText, readWord, type BuildContext } from './context.ts';

/** The `pushdown` part: files with queries, and checks written in the spec. */
export function buildPushdown(node: Node | undefined, context: BuildContext): SpecPushdown {
  if (node?.kind !== 'map') return { queries: [], role: undefined, checks: [] };
  return {
    queries: items(valueOf(node, 'queries')).flatMap((item) => readText(item, context) ?? []),
    role: readName(valueOf(node, 'role'), 'the name of a role', context)?.value,
    checks: buildChecks(items(valueOf(node, 'checks')), context),
  };
}

function items(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : [];
}

function buildChecks(nodes: readonly Node[], context: BuildContext): readonly SpecCheck[] {
  const first = new Map<string, Placed<string>>();
  return nodes.flatMap((node) => {
    if (node.kind !== 'map') return [];
    const name = readText(valueOf(node, 'name'), context);
    const sql = readText(valueOf(node, 'sql'), context);
    const expectNode = valueOf(node, 'expect');
    const expectAt = node.entries.find((entry) => entry.key === 'expect')?.keyAt;
    if (name === undefined || sql === undefined) return [];
    const earlier = first.get(name.value);
    if (earlier !== undefined) {
      context.problems.add(name.at, `two checks have the name ${shown(name.value)}`, `the first is ${relativePlace(earlier.at, name.at)}`);
    } else first.set(name.value, name);
    const ignores = ignoresIn(valueOf(node, 'ignore'), context);
    return [{ name, sql, ignores, expect: expectNode === undefined || expectAt === undefined ? undefined : expectation(expectNode, expectAt) }];
  });
}

function ignoresIn(node: Node | undefined, context: BuildContext): readonly Ignore[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key, keyAt, value }) => {
    const reason = reasonIds.find((id) => id === key);
    const because = readText(value, context);
    return reason === undefined || because === undefined ? [] : [{ reason, because: because.value, at: keyAt }];
  });
}

function expectation(node: Node, at: SourceSpan): Expectation {
  if (node.kind !== 'map') return { at: node.at, verdict: readWord(node, verdictWords), clauses: [], limits: [] };
  return {
    at,
    verdict: readWord(valueOf(node, 'verdict'), verdictWords),
    clauses: clauseKinds.flatMap((kind) => {
      const runs = readWord(valueOf(node, kind), expectedPlaces);
      return runs === undefined ? [] : [{ kind, runs }];
    }),
    limits: limitNames.flatMap((name) => {
      const most = valueOf(node, name);
      return most?.kind === 'scalar' ? [{ name, most: Number(most.text) }] : [];
    }),
  };
}
