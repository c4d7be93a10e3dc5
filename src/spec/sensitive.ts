import { nearest } from '../base/nearest.ts';
import type { TextRange } from '../base/source.ts';
import { isSecretOption } from '../model/secret-options.ts';
import { soleReference } from './interpolate.ts';
import { valueOf, type MapEntry, type MapNode, type Node } from './yaml/node.ts';

/**
 * What must not be shown of a spec that is YAML: literal values of secret options, and whatever stands under a
 * key that looks like one, misspelt ones too. Columns may be called `token`: they are left alone.
 */
export function sensitiveValues(root: Node): readonly TextRange[] {
  const found: TextRange[] = [];
  walk(root, found, new Map());
  if (root.kind !== 'map') return found;
  markMappings(root, 'postgres_fdw', found);
  // Which wrapper a server of an environment has may stand elsewhere: there, all that could be secret is.
  for (const { value } of mapEntries(valueOf(root, 'environments'))) if (value.kind === 'map') markMappings(value, '', found);
  return found;
}

/** Marks the secret options of user mappings. `otherwise` is the wrapper of servers that name none. */
function markMappings(spec: MapNode, otherwise: string, found: TextRange[]): void {
  for (const server of mapEntries(valueOf(spec, 'servers'))) {
    if (server.value.kind !== 'map') continue;
    const wrapperNode = valueOf(server.value, 'wrapper');
    const wrapper = wrapperNode?.kind === 'scalar' ? wrapperNode.text : otherwise;
    for (const { value } of mapEntries(valueOf(server.value, 'user_mappings'))) {
      if (value.kind !== 'map') mark(value, found);
      for (const option of mapEntries(value)) if (isSecretOption(wrapper, 'user-mapping', option.key)) mark(option.value, found);
    }
  }
}

/** A key that is there often is judged once. */
function walk(node: Node, found: TextRange[], secretKeys: Map<string, boolean>): void {
  if (node.kind === 'list') for (const item of node.items) walk(item, found, secretKeys);
  if (node.kind !== 'map') return;
  for (const { key, value } of mapEntries(node)) {
    if (key === 'columns') continue;
    const secret = secretKeys.get(key) ?? looksSecret(key);
    secretKeys.set(key, secret);
    if (value.kind !== 'map' && secret) mark(value, found);
    walk(value, found, secretKeys);
  }
}

function mapEntries(node: Node | undefined): readonly MapEntry[] {
  const map: MapNode | undefined = node?.kind === 'map' ? node : undefined;
  return map === undefined ? [] : [...map.entries, ...map.repeated];
}

function looksSecret(key: string): boolean {
  return isSecretOption('', 'server', key) || ['password', 'sslpassword'].includes(nearest(key, ['password', 'sslpassword', 'password_required', 'passfile']) ?? '');
}

/** Marks every scalar in a value, but for references to the environment. */
function mark(node: Node, found: TextRange[]): void {
  if (node.kind === 'scalar') {
    if (soleReference(node.text) === undefined) found.push({ start: node.start, end: node.end });
  } else if (node.kind === 'list') for (const item of node.items) mark(item, found);
}

/** Whether a connection string has its password written out. A port before a later `@` is none. */
export function hasPassword(text: string): boolean {
  return sensitiveInConnections(text).some(({ start, end }) => !text.slice(start, end).includes('/') || !text.includes('://'));
}

/** Passwords inside connection strings, wherever they stand: `postgres://user:…@host`, `password=…`. */
export function sensitiveInConnections(text: string): readonly TextRange[] {
  const inUrl = /:\/\/[^\s:@/]{0,100}:([^\s]{1,200})@/dg;
  const inPairs = /(?:password|passwd|sslpassword)\s{0,5}=\s{0,5}('(?:[^'\\\n]|\\.)*'|[^\s&"'#}]+)/dgi;
  return [...text.matchAll(inUrl), ...text.matchAll(inPairs)].flatMap((match) => {
    const [start, end] = match.indices?.[1] ?? [0, 0];
    return soleReference(text.slice(start, end)) === undefined ? [{ start, end }] : [];
  });
}

const secretKey = /(?:passw|pasw|secret|token|api_?key|private_?key|access_?key|credential|pwd)[\w.-]{0,60}["']?[ \t]{0,20}:/i;

/** For a text that is no YAML: everything behind a key that looks secret, to the end of its line or of its block. */
export function sensitiveLines(text: string): readonly TextRange[] {
  const found: TextRange[] = [];
  let start = 0;
  /** The indentation of the key whose block is being hidden. */
  let hiding: number | undefined;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    if (hiding !== undefined && line.length > indent && indent <= hiding) hiding = undefined;
    const key = secretKey.exec(line);
    const value = key === null ? 0 : key.index + key[0].length;
    if (hiding !== undefined) found.push({ start: start + indent, end: start + line.length });
    else if (key !== null && !/^\s*\{\s*(?:env|file|command)\s*:/.test(line.slice(value, value + 100))) {
      found.push({ start: start + value + (line[value] === ' ' ? 1 : 0), end: start + line.length });
      hiding = indent;
    }
    start += line.length + 1;
  }
  return found;
}

/** Sorted, and joined where they touch. */
export function mergeRanges(ranges: readonly TextRange[]): readonly TextRange[] {
  const merged: { start: number; end: number }[] = [];
  for (const range of [...ranges].filter((each) => each.end > each.start).sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}
