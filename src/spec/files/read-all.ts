import { realpath } from 'node:fs/promises';
import type { SourceFile, SourceSpan, TextRange } from '../../base/source.ts';
import type { BuildContext } from '../build/context.ts';
import { spanOf } from '../positions.ts';
import { checkInputText, readFileText } from '../read-source.ts';
import { mergeRanges, sensitiveInConnections, sensitiveLines, sensitiveValues } from '../sensitive.ts';
import { placeOf, shown } from '../words.ts';
import type { Node } from '../yaml/node.ts';
import { filesIn, includesOf } from './paths.ts';

/** More files are no spec that somebody wrote. */
const mostFiles = 1000;

/** A file that is being read, and what included it. */
interface Opened {
  readonly path: string;
  /** The same for all names of a file. */
  readonly id: string;
  /** Where it is included; undefined for what the user named. */
  readonly at: SourceSpan | undefined;
  readonly within: Opened | undefined;
}

/** The trees of a spec's files. */
export interface ReadFiles {
  readonly files: readonly Node[];
  /** Whether they are all there and well-formed: what is missing elsewhere may be in one that is not. */
  readonly whole: boolean;
}

/**
 * Reads and parses a spec's file and all that it includes, each once, an including file before what it includes. A
 * folder stands for the files in it.
 *
 * What is wrong goes to the context's problems.
 *
 * @param path as the user named it; `-` is standard input
 */
export async function readAll(path: string, readStdin: (() => Promise<string>) | undefined, context: BuildContext): Promise<ReadFiles> {
  const files: Node[] = [];
  let whole = true;
  const seen = new Set<string>();

  const read = async (file: Opened): Promise<void> => {
    if (seen.has(file.id) || seen.size > mostFiles) return;
    seen.add(file.id);
    if (seen.size > mostFiles) {
      whole = false;
      context.problems.add(file.at, `the spec has more than ${mostFiles} files`);
      return;
    }
    const text = file.path === '-' ? checkInputText((await readStdin?.()) ?? '') : await readFileText(file.path);
    if (text.kind === 'problem') {
      whole = false;
      const { message, hint, textBefore } = text.problem;
      const end = (textBefore ?? '').length;
      const own = spanOf({ file: file.path, text: textBefore ?? '' }, { start: end, end: end + 1 });
      // Where nothing could be opened, the path is what is wrong.
      if (file.at === undefined || textBefore !== undefined) context.problems.add(own, message, hint);
      else context.problems.add(file.at, message, hint?.includes('--spec') === true ? 'paths start from the folder of the file that includes them' : hint);
      return;
    }
    // Loaded when there is something to parse: an apply of a plan file often has no spec at hand.
    const { parseYaml } = await import('../yaml/parse.ts');
    const sensitive: TextRange[] = [];
    const source: SourceFile = { file: file.path, text: text.text, sensitive };
    const { node, wellFormed } = parseYaml(source, context.problems);
    sensitive.push(...mergeRanges([
      ...sensitiveInConnections(text.text),
      ...(node === undefined ? [] : sensitiveValues(node)),
      ...(wellFormed ? [] : sensitiveLines(text.text)),
    ]));
    if (node === undefined || !wellFormed) {
      whole = false;
      return;
    }
    files.push(node);
    const includes = await includesOf(node, context);
    whole &&= includes.whole;
    for (const { path: included, at, own } of includes.files) {
      const next: Opened = { path: included, id: await idOf(included), at, within: file };
      const loop = loopOf(next);
      if (loop === undefined) await read(next);
      else if (!own) {
        whole = false;
        context.problems.add(at, `the file ${shown(included)} includes itself`, loop);
      }
    }
  };

  const named = path === '-' ? ['-'] : await filesIn(path, context);
  for (const each of named) await read({ path: each, id: await idOf(each), at: undefined, within: undefined });
  return { files, whole };
}

/** How a file comes to include itself; undefined where it does not. */
function loopOf(file: Opened): string | undefined {
  const ways: string[] = [];
  for (let each = file.within, at = file.at; each !== undefined; at = each.at, each = each.within) {
    if (at !== undefined) ways.unshift(`at ${placeOf(at)}`);
    if (each.id === file.id) return `it is included ${ways.join(', then ')}`;
  }
  return undefined;
}

async function idOf(path: string): Promise<string> {
  return path === '-' ? path : realpath(path).catch(() => path);
}
