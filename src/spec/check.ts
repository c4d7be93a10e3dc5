import { nearest } from '../base/nearest.ts';
import type { SourceSpan } from '../base/source.ts';
import type { ProblemList } from './problem-list.ts';
import { acceptsNull, type ChoiceShape, type ObjectShape, type Shape } from './schema/shape.ts';
import { anyOf, either, shown } from './words.ts';
import { misplacedKeyHint } from './misplaced.ts';
import { isNull, MapNode, scalarType, type Node, type ScalarNode } from './yaml/node.ts';

/**
 * Checks a tree against a shape: kinds of values, known keys, keys that must be there. Whatever is wrong goes
 * to `problems`.
 *
 * @param subject how messages call the value: `server`, `the spec`
 * @param owner where the value is named, for problems about what it lacks
 */
export function checkShape(node: Node, shape: Shape, subject: string, owner: SourceSpan, problems: ProblemList): void {
  switch (shape.kind) {
    case 'list':
      if (node.kind !== 'list') return wrongKind(node, shape, subject, problems);
      if (shape.filled === true && node.items.length === 0) problems.add(node.at, `${subject} is an empty list`, 'leave it out');
      for (const item of node.items) checkShape(item, shape.of, `an element of ${subject}`, item.at, problems);
      return;
    case 'map':
      if (node.kind !== 'map') return wrongKind(node, shape, subject, problems);
      if (shape.filled === 'one' && node.entries.length !== 1) problems.add(node.at, `${subject} must have exactly one key`, 'write each as an element of its own');
      if (shape.filled === 'some' && node.entries.length === 0) problems.add(node.at, `${subject} is empty`);
      for (const { key, keyAt, value } of node.entries) {
        const own = shape.keys !== undefined && Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
        if (own !== undefined) {
          if (!isNull(value)) checkShape(value, own, shown(key), keyAt, problems);
        } else if (key === '') problems.add(keyAt, `a name in ${subject} is empty`);
        else if (!isNull(value)) checkShape(value, shape.of, shown(key), keyAt, problems);
        else if (!acceptsNull(shape.of)) checkMissing(value, shape.of, shown(key), keyAt, problems);
      }
      return;
    case 'object':
      if (node.kind !== 'map') return wrongKind(node, shape, subject, problems);
      return checkObject(node, shape, subject, owner, problems);
    case 'choice':
      return checkChoice(node, shape, subject, owner, problems);
    default:
      if (node.kind !== 'scalar' || !scalarFits(node, shape)) wrongKind(node, shape, subject, problems);
  }
}

function checkObject(node: MapNode, shape: ObjectShape, subject: string, owner: SourceSpan, problems: ProblemList): void {
  const known = Object.keys(shape.keys);
  const present = new Set<string>();
  const meant = new Set<string>();
  for (const { key, keyAt, value } of node.entries) {
    const of = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    if (of === undefined) {
      // Beyond that nobody reads it, and a hostile file could make it slow.
      const near = problems.full ? undefined : nearest(key, known);
      if (near !== undefined) meant.add(near);
      const hint = problems.full ? undefined : near === undefined ? (misplacedKeyHint(shape, key) ?? `it takes ${anyOf(known)}`) : `did you mean \`${near}\`?`;
      problems.add(keyAt, `${shown(key)} is not a key of ${shape.noun}`, hint);
    } else if (!isNull(value)) {
      present.add(key);
      checkShape(value, of, `\`${key}\``, keyAt, problems);
    }
  }
  const waived = node.entries.some(({ key, value }) => key === shape.waivedBy && value.kind === 'scalar' && value.plain && value.text.toLowerCase() === 'true');
  const others = shape.waivedFor !== undefined && present.size > 0 && meant.size === 0 && [...present].every((key) => shape.waivedFor?.includes(key));
  for (const key of waived || others ? [] : (shape.required ?? [])) {
    if (!present.has(key) && !meant.has(key)) problems.add(owner, `${subject} has no \`${key}\``, `add \`${key}: ${exampleOf(shape.keys[key])}\``);
  }
  if (shape.one === true && (present.size !== 1 || node.entries.length !== 1) && node.entries.every((entry) => known.includes(entry.key))) {
    problems.add(node.at, known.length === 1 ? `${subject} needs the key ${anyOf(known)}` : `${subject} must have exactly one of ${anyOf(known)}`);
  }
}

function checkChoice(node: Node, shape: ChoiceShape, subject: string, owner: SourceSpan, problems: ProblemList): void {
  if (shape.nullable === true && isNull(node)) return;
  const chosen = node.kind === 'scalar' ? shape.scalar : node.kind === 'list' ? shape.list : shape.map;
  if (chosen === undefined || (node.kind === 'scalar' && !scalarFits(node, chosen))) wrongKind(node, shape, subject, problems);
  else checkShape(node, chosen, subject, owner, problems);
}

/** A named thing with nothing behind its colon, where that will not do. */
function checkMissing(node: Node, shape: Shape, subject: string, owner: SourceSpan, problems: ProblemList): void {
  if (shape.kind === 'object' && node.kind === 'scalar') {
    checkObject(new MapNode([], [], node.at, 1), shape, subject, owner, problems);
  } else {
    problems.add(owner, `${subject} has no value`, `it must be ${described(shape)}`);
  }
}

function scalarFits(node: ScalarNode, shape: Shape): boolean {
  const type = scalarType(node);
  switch (shape.kind) {
    case 'text':
      return type !== 'null' && (shape.mayBeEmpty === true || node.text !== '');
    case 'string':
      return type === 'string' && node.text !== '';
    case 'boolean':
      return type === 'boolean';
    case 'integer':
      return type === 'number' && Number.isSafeInteger(Number(node.text)) && Number(node.text) >= (shape.min ?? 0) && Number(node.text) <= (shape.max ?? Number.MAX_SAFE_INTEGER);
    case 'number':
      return type === 'number' && Number.isFinite(Number(node.text)) && Number(node.text) >= shape.min;
    case 'constant':
      return type === 'number' && Number(node.text) === shape.value;
    case 'word':
      return type === 'string' && shape.words.includes(node.text);
    default:
      return false;
  }
}

function wrongKind(node: Node, shape: Shape, subject: string, problems: ProblemList): void {
  problems.add(node.at, `${subject} must be ${described(shape)}${found(node, shape)}`, hintFor(node, shape));
}

/** What a value must be, in words. */
function described(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
    case 'string':
      return 'text';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `a whole number from ${shape.min ?? 0}${shape.max === undefined ? '' : ` to ${shape.max}`}`;
    case 'number':
      return `a number from ${shape.min}`;
    case 'constant':
      return `\`${shape.value}\``;
    case 'word':
      return anyOf(shape.words);
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
    case 'object':
      return 'a map of keys';
    case 'choice':
      return either([
        ...(shape.scalar === undefined ? [] : shape.scalar.kind === 'word' ? shape.scalar.words.map((word) => `\`${word}\``) : [described(shape.scalar)]),
        ...[shape.list, shape.map].flatMap((way) => (way === undefined ? [] : [described(way)])),
      ]);
  }
}

/** What it is instead. A word that is not one of the known ones is shown; other texts are not, as they may be secrets. */
function found(node: Node, shape: Shape): string {
  if (node.kind !== 'scalar') return `, not a ${node.kind}`;
  const closed = shape.kind === 'word' || shape.kind === 'constant' || ((shape.kind === 'integer' || shape.kind === 'number') && scalarType(node) === 'number') || (shape.kind === 'choice' && shape.scalar?.kind === 'word');
  if (closed && scalarType(node) !== 'null' && node.text !== '') return `, not ${node.plain ? shown(node.text) : shown(JSON.stringify(node.text))}`;
  switch (scalarType(node)) {
    case 'null':
      return '; it is empty';
    case 'boolean':
      return ', not a boolean';
    case 'number':
      return ', not a number';
    case 'string':
      return node.text === '' ? '; it is empty' : ', not text';
  }
}

function hintFor(node: Node, shape: Shape): string | undefined {
  if (node.kind === 'scalar') {
    const words = shape.kind === 'word' ? shape.words : shape.kind === 'choice' && shape.scalar?.kind === 'word' ? shape.scalar.words : [];
    const near = nearest(node.text, words);
    if (near !== undefined) return `did you mean \`${near}\`?`;
    if (shape.kind === 'boolean' && scalarType(node) === 'string') return 'write it without quotes; `yes`, `no`, `on` and `off` are texts';
    if (shape.kind === 'string' && node.text !== '') return 'if it is meant, quote it';
  }
  if (shape.kind === 'constant') return `this release of fdw reads version ${shape.value}`;
  const example = exampleOf(shape);
  return shape.examples === undefined || example.length > longestExample ? undefined : `for example ${example}`;
}

/** More does not help to see what is meant. */
const longestExample = 70;

function exampleOf(shape: Shape | undefined): string {
  const example = shape?.examples?.[0];
  if (example === undefined) return '…';
  return typeof example === 'string' ? example : JSON.stringify(example).replaceAll('":', ': ').replaceAll('"', '').replaceAll(',', ', ');
}
