import { closeSync, constants, openSync, readSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { isUtf8 } from 'node:buffer';
import type { QuerySource } from '../pushdown/queries/read.ts';

/** Larger files are no queries that somebody wrote. Bytes. */
const largestFile = 64 * 1024 * 1024;

/**
 * Reads a file of queries. What keeps it from being read at all is told in the source; the other files are judged all the same.
 * @throws ENOENT: where there is none
 */
export async function readQueryFile(path: string): Promise<QuerySource> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return unreadable(path, 'it is a folder', 'name the files in it, or a pattern such as `queries/*.sql`');
    if (found.isFIFO()) return await readPipe(path);
    if (!found.isFile()) return unreadable(path, 'it is a device');
    return found.size > largestFile ? tooLarge(path) : decode(path, await readFile(path));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code === 'ENOENT') throw error;
    return unreadable(path, error.code === 'EACCES' ? 'there is no permission to read it' : String(error.code));
  }
}

/**
 * What comes through a pipe, such as the shell's `<(…)`, until its writers are gone. Opened so that nobody waits for one who may write into it
 * one day: neither a time limit nor Ctrl-C would end that.
 */
async function readPipe(path: string): Promise<QuerySource> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const first = readNow(fd);
  if (first?.length === 0) {
    closeSync(fd);
    return unreadable(path, 'it is a pipe that nobody writes into');
  }
  const pipe = new Socket({ fd, readable: true, writable: false });
  const chunks = first === undefined ? [] : [first];
  let size = first?.length ?? 0;
  for await (const chunk of pipe) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size > largestFile) return tooLarge(path);
  }
  return decode(path, Buffer.concat(chunks));
}

/** What is in a pipe; undefined: nothing yet. Empty: it has no writer, which waiting for it would never tell. */
function readNow(fd: number): Buffer | undefined {
  const chunk = Buffer.alloc(1 << 16);
  try {
    return chunk.subarray(0, readSync(fd, chunk));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}

function decode(path: string, bytes: Buffer): QuerySource {
  if (bytes.length > 1 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) return unreadable(path, 'it is UTF-16', 'save it as UTF-8');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (isUtf8(bytes)) return { file: path, text };
  if (bytes.includes(0)) return unreadable(path, 'it is no text');
  return { file: path, text, undecodable: undecodableIn(bytes, text) };
}

/** Where a text has the sign that stands for bytes that are no UTF-8, but for those that have been written so. */
function undecodableIn(bytes: Buffer, text: string): readonly number[] {
  const found: number[] = [];
  let byte = bytes.length > 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let last = 0;
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    byte += Buffer.byteLength(text.slice(last, at));
    last = at + 1;
    const written = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
    if (!written) found.push(at);
    byte += written ? 3 : lengthOfFault(bytes, byte);
  }
  return found;
}

/** How many bytes one sign stands for: what could have begun a character (WHATWG Encoding, "UTF-8 decoder"). */
function lengthOfFault(bytes: Buffer, at: number): number {
  const rest = bytes.subarray(at, at + 3);
  for (let length = rest.length; length > 1; length -= 1) if (rest.subarray(0, length).toString('utf8').length === 1) return length;
  return 1;
}

function tooLarge(path: string): QuerySource {
  return unreadable(path, `it has more than ${largestFile / 1024 / 1024} MB`, 'nobody writes so many queries by hand: cut it into several files');
}

function unreadable(file: string, why: string, hint?: string): QuerySource {
  return { file, text: '', unreadable: { message: `the file cannot be read: ${why}`, hint } };
}
