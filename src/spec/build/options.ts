import { isAbsolute, join } from 'node:path';
import { nearest } from '../../base/nearest.ts';
import { Secret } from '../../base/secret.ts';
import { folderOf, type SourceSpan } from '../../base/source.ts';
import { holdersOf, knownOptions, majorOf } from '../../model/known-options.ts';
import type { ObjectName } from '../../model/objects.ts';
import { compareNames, type Option, type Options, type OptionValue } from '../../model/option.ts';
import { isSecretOption, type OptionHolder } from '../../model/secret-options.ts';
import type { SecretReference } from '../../model/secret-reference.ts';
import { ident } from '../../sql/quote.ts';
import { soleReference } from '../interpolate.ts';
import type { Placed } from '../types.ts';
import { shown } from '../words.ts';
import { isNull, valueOf, type ListNode, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';
import { checkName, readText, type BuildContext } from './context.ts';

/** The object that options belong to: decides which are secret. */
export interface OptionOwner {
  readonly wrapper: string;
  readonly kind: OptionHolder;
  /** Itself, so that what the server says of it can be shown at the option; tables are looked at elsewhere. */
  readonly object?: ObjectName;
}

/** The options of one object, sorted by name. A null value drops its option. */
export function buildOptions(node: Node | undefined, owner: OptionOwner, context: BuildContext): Options {
  if (node?.kind !== 'map') return [];
  const options: Option[] = [];
  for (const entry of node.entries) {
    if (isNull(entry.value) || !checkName(entry.key, entry.keyAt, 'the name of an option', context)) continue;
    // No wrapper has so many: beyond that, looking for slips would only make a hostile file slow.
    if (node.entries.length <= 60 && !checkKnown(entry, owner, context)) continue;
    remember(entry, owner, context);
    const value = buildValue(entry, owner, context);
    if (value !== undefined) options.push({ name: context.texts.get(entry.key, () => entry.key), value });
  }
  // A copy has no room for more.
  return options.toSorted((a, b) => compareNames(a.name, b.name));
}

/** Keeps what only a server can judge. Of ten thousand tables, that is nearly nothing. */
function remember({ key, keyAt }: MapEntry, { wrapper, kind, object }: OptionOwner, context: BuildContext): void {
  if (object === undefined && majorOf(wrapper, kind, key) === undefined) return;
  context.options.push({ wrapper, holder: kind, object, name: { value: key, at: keyAt } });
}

const holderWords: Readonly<Record<OptionHolder, string>> = {
  wrapper: 'a wrapper',
  server: 'a server',
  'user-mapping': 'a user mapping',
  'foreign-table': 'a foreign table',
  column: 'a column',
};

/** Only what stands in the wrong place or looks like a slip is refused: the wrapper may be newer than what fdw knows of it. */
function checkKnown({ key, keyAt }: MapEntry, { wrapper, kind }: OptionOwner, { problems }: BuildContext): boolean {
  const known = knownOptions(wrapper, kind);
  if (known === undefined || known.has(key) || problems.full) return true;
  // A slip of the fingers seldom hits the first letter; to compare with all names would take long for a large file.
  const elsewhere = holdersOf(wrapper, key).map((holder) => holderWords[holder]);
  const near = elsewhere.length > 0 ? undefined : nearest(key, [...known.keys()].filter((name) => name.startsWith(key.charAt(0))));
  if (elsewhere.length === 0 && near === undefined) return true;
  const hint = near === undefined ? `it belongs to ${elsewhere.join(' or ')}` : `did you mean \`${near}\`?`;
  problems.add(keyAt, `${shown(key)} is not an option that ${wrapper} takes on ${holderWords[kind]}`, hint);
  return false;
}

function buildValue(entry: MapEntry, owner: OptionOwner, context: BuildContext): OptionValue | undefined {
  const { key, value } = entry;
  if (value.kind === 'map') return referenceValue(value, context);
  const secret = isSecretOption(owner.wrapper, owner.kind, key);
  const text = value.kind === 'list' ? joined(value, key, context) : readText(value, context)?.value;
  if (text === undefined) return undefined;
  if (!secret) return { kind: 'text', text };
  const name = value.kind === 'scalar' ? soleReference(value.text) : undefined;
  if (name !== undefined) return reference({ source: 'env', name }, value.at, context);
  context.warnings.add(value.at, `the value of ${shown(key)} is written out in the spec`, literalHint(key, owner));
  return reference({ source: 'literal', value: new Secret(text) }, value.at, context);
}

function literalHint(key: string, owner: OptionOwner): string {
  const why = 'everyone who reads the file or its history can read it';
  const known = isSecretOption('postgres_fdw', 'server', key) || key === 'password';
  return known
    ? `${why}: write {env: NAME}, {file: path} or {command: [program, …]} instead`
    : `${why}; fdw does not know this option of ${owner.wrapper} and treats it as a secret: write {env: NAME} or {file: path} if it is one`;
}

function referenceValue(node: MapNode, context: BuildContext): OptionValue | undefined {
  const env = readText(valueOf(node, 'env'), context);
  if (env !== undefined) {
    if (!/^[^=\0]+$/.test(env.value)) {
      context.problems.add(env.at, 'the name of an environment variable cannot hold `=`');
      return undefined;
    }
    return reference({ source: 'env', name: env.value }, env.at, context);
  }
  const command = valueOf(node, 'command');
  if (command?.kind === 'list') return commandValue(command, context);
  const file = readText(valueOf(node, 'file'), context);
  if (file === undefined || file.value === '') return undefined;
  return reference({ source: 'file', path: fromFolder(file) }, file.at, context);
}

/** A program is looked for in PATH unless its name has a slash, as a shell does. */
function commandValue(list: ListNode, context: BuildContext): OptionValue | undefined {
  const [program, ...args] = list.items.map((item) => argument(item, context));
  if (program === undefined || args.includes(undefined)) return undefined;
  if (program.value === '') {
    context.problems.add(program.at, 'the name of a program is empty');
    return undefined;
  }
  const argv = [program.value.includes('/') ? fromFolder(program) : program.value, ...args.flatMap((arg) => arg?.value ?? [])];
  return reference({ source: 'command', argv }, list.at, context);
}

/** Words of a command are shown to other users of the machine and saved in plan files: no place for what the environment holds. */
function argument(item: Node, context: BuildContext): Placed<string> | undefined {
  if (item.kind !== 'scalar' || !/(?<!\$)\$\{/.test(item.text)) return readText(item, context);
  context.problems.add(item.at, 'a command takes no references to the environment', 'the program has the same environment; write `$${` for a literal `${`');
  return undefined;
}

/** A path that starts from the folder of the file that names it. */
function fromFolder({ value, at }: Placed<string>): string {
  return isAbsolute(value) ? value : join(folderOf(at.source), value);
}

function reference(to: SecretReference, at: SourceSpan, context: BuildContext): OptionValue {
  context.secrets.push({ value: to, at });
  return { kind: 'reference', reference: to };
}

/**
 * A list as one comma-separated value. The elements of `extensions` are identifiers, folded to lower case and
 * split by PostgreSQL unless quoted (`SplitIdentifierString`, varlena.c, 14 to 18); other lists (libpq's host
 * lists) have no quoting, so a comma inside an element could not be told from the ones between.
 */
function joined(list: ListNode, key: string, context: BuildContext): string | undefined {
  const texts = list.items.map((item) => readText(item, context));
  const values: string[] = [];
  for (const text of texts) {
    if (text === undefined) return undefined;
    if (key !== 'extensions' && text.value.includes(',')) {
      context.problems.add(text.at, 'an element of this list holds a comma', 'write it as two elements, or the whole value as one text');
      return undefined;
    }
    if (key === 'extensions' && !checkName(text.value, text.at, 'the name of an extension', context)) return undefined;
    values.push(key === 'extensions' ? ident(text.value) : text.value);
  }
  return values.join(',');
}
