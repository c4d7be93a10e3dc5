import type { PlanContext } from '../clauses/context.ts';
import type { CalledFunction, CalledOf } from '../facts/functions.ts';
import { consumers, everyFlow } from '../plan/flow.ts';
import type { Flow } from '../plan/flow.ts';
import type { PlanNode } from '../plan/node.ts';
import { unquote } from '../plan/relations.ts';
import { tokens } from '../queries/lexer.ts';
import type { QueryShape } from '../queries/shape.ts';
import type { Reason } from '../types.ts';

/** What is worth knowing of a statement as a whole. */
export function notesOf(context: PlanContext, shape: QueryShape, calledOf: CalledOf, versionNum: number): readonly Reason[] {
  return [...opaqueNotes(context, shape, calledOf), ...asyncNotes(context, versionNum)];
}

/** Functions that the plan still calls, so that they were not inlined, and that may read tables. */
function opaqueNotes(context: PlanContext, shape: QueryShape, calledOf: CalledOf): readonly Reason[] {
  const opaque = new Map<string, CalledFunction>();
  for (const name of shape.functions) {
    const found = calledOf(name);
    if (found?.opaque === true) opaque.set(`${found.schema}.${found.name}`, found);
  }
  if (opaque.size === 0) return [];
  const called = new Set(everyFlow(context.root).flatMap(({ node }) => textsOf(node)).flatMap((text) => [...calledIn(text)]));
  return [...opaque]
    .filter(([, { name }]) => called.has(name))
    .map(([name, { language }]) => ({
      id: 'opaque-function',
      subject: `${name}()`,
      message: `${name}() is ${language === 'sql' ? 'not inlined' : `written in ${language}`}: if it reads foreign tables, that is not in this verdict`,
    }));
}

function textsOf(node: PlanNode): readonly string[] {
  return [...node.output, ...node.joinConditions, ...node.groupKeys, ...node.sortKeys, ...[node.filter, node.oneTimeFilter, node.functionCall].filter((text) => text !== undefined)];
}

/** The names right before an opening parenthesis. */
function* calledIn(text: string): Generator<string> {
  for (const token of tokens(text)) {
    if ((token.kind === 'word' || token.kind === 'quoted-name') && text.charAt(token.end) === '(') yield unquote(text.slice(token.start, token.end));
  }
}

/**
 * Shards that are asked one after the other, where nobody has said whether they may be asked at once. Below a Merge
 * Append they never are, below UNION ALL from 15 on (postgresql.org/docs/18/postgres-fdw.html, async_capable).
 */
function asyncNotes(context: PlanContext, versionNum: number): readonly Reason[] {
  const servers = everyFlow(context.root).flatMap((flow) => {
    // Scans below a write lock their rows, or write them; they are not asked at once.
    if (flow.node.type !== 'Append' || [...consumers(flow)].some(({ node }) => node.type === 'ModifyTable' || node.type === 'LockRows') || (context.shape.setOperation && versionNum < 150000)) return [];
    const scans = flow.inputs.map(scanOf);
    const unsaid = scans.flatMap((scan) => (scan === undefined ? [] : context.scan(scan).facts)).filter((each) => each.asyncCapable === undefined);
    const names = [...new Set(unsaid.flatMap((each) => each.server?.name ?? []))];
    return names.length > 1 && scans.every((scan) => scan?.node.async !== true) ? names : [];
  });
  if (servers.length === 0) return [];
  const names = [...new Set(servers)].join(', ');
  return [{ id: 'async-off', subject: names, message: `${names} are asked one after the other; with the option async_capable they are asked at once` }];
}

/** The Foreign Scan that an input of an Append is, or reads. */
function scanOf(flow: Flow): Flow | undefined {
  if (flow.node.type === 'Foreign Scan') return flow;
  const [input, ...more] = flow.inputs;
  return input === undefined || more.length > 0 || flow.node.type !== 'Subquery Scan' ? undefined : scanOf(input);
}
