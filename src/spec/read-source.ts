import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { readUpTo } from './read-up-to.ts';

/** Larger files are refused before anything looks into them. Ten thousand tables with comments on each of twenty columns take 38 MB. */
const largestSpec = 64 * 1024 * 1024;

/** A text, or why there is none. */
export type ReadResult = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'problem'; readonly problem: ReadProblem };

/** `textBefore` is what could be read before the place of the problem; undefined where nothing could be opened. */
export interface ReadProblem {
  readonly message: string;
  readonly hint: string | undefined;
  readonly textBefore: string | undefined;
}

/** Reads a file as UTF-8 text without its byte order mark. Never throws for what is on the disk. */
export async function readFileText(path: string): Promise<ReadResult> {
  let file: FileHandle | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe that nobody writes to would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isDirectory()) return problem('this is a folder, not a file', 'name the file in it: --spec fdw.yaml');
    if (stat.isFile() && stat.size > largestSpec) return tooLarge(stat.size);
    return decode(await readUpTo(file, largestSpec + 1));
  } catch (error) {
    return problem(...fileProblem(error));
  } finally {
    await file?.close();
  }
}

/** The text of standard input. */
export function checkInputText(text: string): ReadResult {
  const bytes = Buffer.from(text, 'utf8');
  return decode(bytes);
}

function decode(bytes: Buffer): ReadResult {
  if (bytes.length > largestSpec) return tooLarge(bytes.length);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || looksLikeUtf16(bytes)) {
    return { kind: 'problem', problem: { message: 'the file is UTF-16, not UTF-8', hint: 'save it as UTF-8', textBefore: '' } };
  }
  if (isUtf8(bytes)) return { kind: 'text', text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  return {
    kind: 'problem',
    problem: { message: 'here the file is not UTF-8', hint: 'save it as UTF-8', textBefore: bytes.subarray(0, firstBadByte(bytes)).toString('utf8').replace(/^\uFEFF/, '') },
  };
}

/** Every other byte of the start is NUL: what ASCII looks like in UTF-16 without a mark. */
function looksLikeUtf16(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return false;
  const start = bytes.subarray(0, 64);
  const nul = (parity: number): boolean => start.every((byte, index) => (index % 2 === parity) === (byte === 0));
  return nul(0) || nul(1);
}

/** Halves the bytes until the first bad one is found; a sequence cut in two at the end counts as good. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (goodUpTo(bytes, middle)) good = middle;
    else bad = middle;
  }
  while (good > 0 && !isUtf8(bytes.subarray(0, good))) good--;
  return good;
}

function goodUpTo(bytes: Buffer, end: number): boolean {
  for (let cut = 0; cut <= 3 && cut <= end; cut++) if (isUtf8(bytes.subarray(0, end - cut))) return true;
  return false;
}

function tooLarge(size: number): ReadResult {
  return problem(`the file has more than ${largestSpec / 1024 / 1024} MB${size > largestSpec + 1 ? ` (${Math.ceil(size / 1024 / 1024)} MB)` : ''}`, 'is it a spec?');
}

function problem(message: string, hint?: string): ReadResult {
  return { kind: 'problem', problem: { message, hint, textBefore: undefined } };
}

function fileProblem(error: unknown): readonly [string, string?] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return ['the file does not exist', '`fdw init` writes a starter spec; --spec names another file'];
    case 'EACCES':
    case 'EPERM':
      return ['there is no permission to read the file', 'chmod +r, or run as a user who may'];
    case 'EISDIR':
      return ['this is a folder, not a file', 'name the file in it: --spec fdw.yaml'];
    case 'ERR_INVALID_ARG_VALUE':
      return ['the path holds a NUL character'];
    default:
      return [`the file cannot be read${code === '' ? '' : ` (${code})`}`];
  }
}

