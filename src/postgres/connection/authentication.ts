import { connectionInvalid } from './settings.ts';
import type { Settings } from './settings.ts';
import type { AuthenticationMethod } from './target.ts';
import { printable, valueOf } from './values.ts';

const methods: readonly AuthenticationMethod[] = ['none', 'password', 'md5', 'scram-sha-256', 'gss', 'sspi', 'oauth'];

/**
 * The methods that `require_auth` allows: a list, or a list of exceptions each marked with `!`
 * (documentation of libpq, `require_auth`; libpq: `pqConnectOptions2`).
 *
 * @returns undefined when any is allowed
 * @throws {UserError} `connection-invalid` for unknown, repeated or mixed items
 */
export function allowedAuthentication(settings: Settings): ReadonlySet<AuthenticationMethod> | undefined {
  const text = valueOf(settings, 'require_auth');
  if (text === undefined) return undefined;
  const items = text.split(',');
  const negative = items.filter((item) => item.startsWith('!'));
  if (negative.length > 0 && negative.length < items.length) {
    throw connectionInvalid('require_auth mixes methods with and without "!".', {
      todo: 'Either list the methods that are allowed, or those that are not, each with a "!".',
    });
  }
  const listed = new Set<AuthenticationMethod>();
  for (const item of items) {
    const name = item.replace(/^!/, '');
    const method = methods.find((each) => each === name);
    if (method === undefined) {
      throw connectionInvalid(`"${printable(item)}" is not a method of require_auth.`, { todo: `Use: ${methods.join(', ')}.` });
    }
    if (listed.has(method)) throw connectionInvalid(`require_auth names ${method} more than once.`);
    listed.add(method);
  }
  return negative.length === 0 ? listed : new Set(methods.filter((method) => !listed.has(method)));
}
