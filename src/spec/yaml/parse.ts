import { Composer, Parser, type Document } from 'yaml';
import type { SourceSpan } from '../../base/source.ts';
import type { Positions } from '../positions.ts';
import type { ProblemList } from '../problem-list.ts';
import { NodeReader } from './read-node.ts';
import { yamlMessage } from './messages.ts';
import type { Node } from './node.ts';

/**
 * Parses a spec's text.
 *
 * @returns undefined where the text is not one YAML document with something in it; `problems` then says why
 */
export function parseYaml(positions: Positions, problems: ProblemList): Node | undefined {
  const { text } = positions.source;
  const control = controlCharacter.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    problems.add(positions.span({ start: control.index, end: control.index + 1 }), `the file holds a control character (U+${code})`, 'is it a text file in UTF-8?');
    return undefined;
  }
  const document = compose(positions, problems);
  if (document === undefined) return undefined;
  if (document.contents === null) {
    problems.add(start(positions), 'the spec is empty', 'start with `version: 1`; `fdw init` writes a commented spec');
    return undefined;
  }
  return new NodeReader(positions, problems).read(document.contents);
}

/** What YAML does not allow in a file (yaml.org/spec/1.2.2, c-printable). */
// eslint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/;

/** More syntax errors than this are consequences of the first ones. */
const mostErrors = 20;

/** The one document of the text. With the failsafe schema every scalar is the text that was written. */
function compose(positions: Positions, problems: ProblemList): Document.Parsed | undefined {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, strict: true, prettyErrors: false, logLevel: 'silent' });
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(new Parser().parse(positions.source.text), true, positions.source.text.length)) {
    if (first !== undefined) {
      const { message, hint } = yamlMessage('MULTIPLE_DOCS', '');
      const [offset] = document.range;
      problems.add(positions.span({ start: offset, end: offset + 1 }), message, hint);
      break;
    }
    first = document;
    for (const error of document.errors.slice(0, mostErrors)) {
      const { message, hint } = yamlMessage(error.code, error.message);
      problems.add(positions.span({ start: error.pos[0], end: error.pos[1] }), message, hint);
    }
  }
  return problems.empty ? first : undefined;
}

function start(positions: Positions): SourceSpan {
  return positions.span({ start: 0, end: 1 });
}
