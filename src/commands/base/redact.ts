import { sensitive } from '../../base/secret.ts';

/** Passwords of connection URLs and of `key=value` strings. */
const inUrl = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;
const inQuery = /((?:password|passwd|sslpassword|pwd)\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)/gi;
const secretName = /pass|secret|token|key|credential/i;

/**
 * A text that was not written for users (an argument, the message of an unexpected error) without what looks
 * like a password in it: in URLs, in connection strings, and the values of variables named like secrets.
 */
export function redact(text: string, env: NodeJS.ProcessEnv): string {
  let redacted = text.replace(inUrl, `$1${sensitive}@`).replace(inQuery, `$1${sensitive}`);
  for (const [name, value] of Object.entries(env)) {
    if (secretName.test(name) && value !== undefined && value.length >= 4) redacted = redacted.replaceAll(value, sensitive);
  }
  return redacted;
}
