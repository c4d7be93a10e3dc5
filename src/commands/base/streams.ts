import { addAbortSignal } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { styleOf } from '../../report/style.ts';
import type { Surface } from '../../report/style.ts';

type Stream = Pick<WriteStream, 'isTTY' | 'columns'>;

/** Columns that text for a file or a pipe is wrapped to, and the most that a wide terminal gets. */
const defaultWidth = 80;
const greatestWidth = 120;

/**
 * Whether a stream gets colours. In this order: `--no-color`, FORCE_COLOR (`0` and `false` say no), NO_COLOR
 * (if not empty), TERM=dumb, and at last whether it is a terminal. FORCE_COLOR wins over NO_COLOR as it does
 * in Node itself (nodejs.org/docs/latest-v20.x/api/tty.html, getColorDepth).
 */
export function hasColours(stream: Stream, env: NodeJS.ProcessEnv, noColorFlag: boolean): boolean {
  if (noColorFlag) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if (env['TERM'] === 'dumb') return false;
  return stream.isTTY;
}

/** How text is shown on a stream. */
export function surfaceOf(stream: Stream, env: NodeJS.ProcessEnv, noColorFlag: boolean): Surface {
  const columns = stream.isTTY && stream.columns > 0 ? stream.columns : defaultWidth;
  return { style: styleOf(hasColours(stream, env, noColorFlag)), width: Math.min(columns, greatestWidth) };
}

/** All of standard input as text. @throws AbortError when `signal` is aborted meanwhile */
export async function readStdin(signal: AbortSignal): Promise<string> {
  const input = addAbortSignal(signal, process.stdin);
  input.setEncoding('utf8');
  let text = '';
  for await (const chunk of input) text += String(chunk);
  return text;
}
