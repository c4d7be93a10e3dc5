import { isUtf8 } from 'node:buffer';

/** What is larger is no secret. Bytes. */
export const largestSecret = 64 * 1024;

/** A secret's text, or why there is none, in a sentence that shows nothing of it. */
export type SecretText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly id: 'secret-missing' | 'secret-unreadable'; readonly why: string };

/** The text of what a file holds or a program has printed, without one newline at its end. */
export function secretText(bytes: Buffer): SecretText {
  if (bytes.length > largestSecret) return problem(`It has more than ${largestSecret / 1024} kB: that is no secret.`);
  if (!isUtf8(bytes)) return problem('It is not UTF-8 text.');
  const text = bytes.toString('utf8').replace(/\r?\n$/, '');
  if (text.includes('\0')) return problem('It holds a NUL character, which PostgreSQL cannot store.');
  return text === '' ? { kind: 'problem', id: 'secret-missing', why: 'It is empty.' } : { kind: 'text', text };
}

function problem(why: string): SecretText {
  return { kind: 'problem', id: 'secret-unreadable', why };
}
