import type { SourceFile } from '../../base/source.ts';
import { Composer, Lexer, Parser, type CST, type Document, type YAMLError } from 'yaml';
import { spanOf } from '../positions.ts';
import { ProblemList } from '../problem-list.ts';
import { composing, ReadAhead } from './read-ahead.ts';
import { deepest, nestingHint, NodeReader } from './read-node.ts';
import { yamlMessage } from './messages.ts';
import type { Node } from './node.ts';

/** A parsed text. `node` is there whenever something could be read, even where `problems` says what is wrong. */
export interface Parsed {
  readonly node: Node | undefined;
  /** Whether it is one well-formed YAML document with something in it. */
  readonly wellFormed: boolean;
}

/**
 * Parses a spec's text; what is wrong with it goes to `problems`.
 * @param step how many characters are read before finished entries are taken out of the library's tree
 */
export function parseYaml(source: SourceFile, problems: ProblemList, step = 16 * 1024): Parsed {
  const { text } = source;
  const control = controlCharacter.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    problems.add(spanOf(source, { start: control.index, end: control.index + 1 }), `the file holds a control character (U+${code})`, 'is it a text file in UTF-8?');
    return { node: undefined, wellFormed: false };
  }
  const found = new ProblemList();
  const reader = new NodeReader(source, found);
  const { document, wellFormed } = compose(source, problems, new ReadAhead(reader, step));
  if (document === undefined || document.contents === null) {
    if (wellFormed) problems.add(spanOf(source, { start: 0, end: 1 }), 'the spec is empty', 'start with `version: 1`; `fdw init` writes a commented spec');
    return { node: undefined, wellFormed: false };
  }
  // Of a broken document only the syntax is reported: what it seems to hold may be a consequence.
  const node = reader.read(document.contents);
  if (wellFormed) problems.addAll(found);
  return { node, wellFormed };
}

/** What YAML does not allow in a file (yaml.org/spec/1.2.2, c-printable). */
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/;

/** The one document of the text. With the failsafe schema every scalar is the text that was written. */
function compose(source: SourceFile, problems: ProblemList, ahead: ReadAhead): { readonly document: Document.Parsed | undefined; readonly wellFormed: boolean } {
  const { text } = source;
  const tooDeep = new ProblemList();
  let first: Document.Parsed | undefined;
  let wellFormed = true;
  const open: Open = { quote: undefined, bracket: undefined };
  for (const document of new Composer(composing).compose(tokens(source, tooDeep, open, ahead), true, text.length)) {
    if (!tooDeep.empty && first === undefined) {
      problems.addAll(tooDeep);
      return { document: undefined, wellFormed: false };
    }
    if (first !== undefined) {
      const { message, hint } = yamlMessage('MULTIPLE_DOCS', '');
      problems.add(spanOf(source, { start: document.range[0], end: document.range[0] + 3 }), message, hint);
      return { document: first, wellFormed: false };
    }
    first = document;
    const errors = [...ahead.errors, ...document.errors];
    wellFormed = errors.length === 0;
    reportErrors(errors, open, source, problems);
  }
  return { document: first, wellFormed };
}

/**
 * The tokens of the text, as long as they are not nested too deeply: the library would recurse as deep, and
 * texts that do that on purpose take it very long.
 */
function* tokens(source: SourceFile, problems: ProblemList, open: Open, ahead: ReadAhead): Generator<CST.Token, void> {
  const parser = new Parser();
  const brackets: { readonly closing: string; readonly at: number }[] = [];
  for (const lexeme of new Lexer().lex(source.text)) {
    if (lexeme.startsWith('"') || lexeme.startsWith("'")) open.quote = parser.offset;
    else if (lexeme === '[' || lexeme === '{') brackets.push({ closing: lexeme === '[' ? ']' : '}', at: parser.offset });
    else if (lexeme === brackets.at(-1)?.closing) brackets.pop();
    else if (lexeme === ']' || lexeme === '}' || lexeme === flowEnd) open.bracket ??= brackets.at(-1)?.at;
    for (const token of parser.next(lexeme)) {
      ahead.passed(token);
      yield token;
    }
    ahead.look(parser);
    if (parser.stack.length <= deepestStack) continue;
    problems.add(spanOf(source, { start: parser.offset - 1, end: parser.offset }), 'the file is nested too deeply', nestingHint);
    return;
  }
  open.bracket ??= brackets.at(-1)?.at;
  for (const token of parser.end()) {
    ahead.passed(token);
    yield token;
  }
}

/** What the lexer says when brackets end without a closing one (`FLOW_END` in yaml's parse/cst.ts, which it does not export). */
const flowEnd = '\u0018';

/** Where the things began that a text may leave open; the library only says where it noticed. */
interface Open {
  /** The last quote that begins a text. */
  quote: number | undefined;
  /** The innermost bracket that is never closed. */
  bracket: number | undefined;
}

/** The parser may need two entries for a level. */
const deepestStack = 2 * deepest;

/**
 * The errors that are not consequences of another: one a line, and of the unexpected things only the first. More than
 * `mostErrors` help nobody.
 */
function reportErrors(errors: readonly YAMLError[], open: Open, source: SourceFile, problems: ProblemList): void {
  const lines = new Set<number>();
  let unexpected = false;
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const { message, hint, about } = yamlMessage(error.code, error.message);
    const opened = about === undefined ? undefined : open[about];
    const [start, end] = opened === undefined ? error.pos : [opened, about === 'quote' ? source.text.length : opened + 1];
    const at = spanOf(source, { start, end });
    if (lines.has(at.line) || (error.code === 'UNEXPECTED_TOKEN' && unexpected)) continue;
    lines.add(at.line);
    unexpected ||= error.code === 'UNEXPECTED_TOKEN';
    problems.add(at, message, unquotedReference(source.text, start) ?? halfQuotedKey(source.text, start) ?? hint);
    if (lines.size >= mostErrors) return;
  }
}

const mostErrors = 20;

/** `{host: ${env:HOST}}`: inside brackets, YAML ends a plain text at a brace. */
function unquotedReference(text: string, near: number): string | undefined {
  const before = text.slice(Math.max(0, near - 200), near);
  const line = before.slice(before.lastIndexOf('\n') + 1) + text.slice(near, near + 3);
  return /[{[,:]\s*[^"'\s]*\$\{/.test(line) ? 'inside { } or [ ], quote a reference to the environment: "${env:NAME}"' : undefined;
}

/** `"a.b".c: …`: YAML takes the quotes for its own, so the key ends at the second one. */
function halfQuotedKey(text: string, at: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const quoted = /^[ \t]{0,100}("[^"\n]{0,200}"\.[^\n:]{0,200})/.exec(text.slice(lineStart, lineStart + 500));
  return quoted === null ? undefined : `quote the key as a whole: '${quoted[1]?.trim() ?? ''}'`;
}
