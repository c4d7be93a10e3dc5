import type { AuthenticationMethod, Target } from '../connection/target.ts';
import type { AttemptFailure } from './attempt-error.ts';

/** SCRAM bound to the TLS connection (RFC 5802). */
const boundMechanism = 'SCRAM-SHA-256-PLUS';

/**
 * Watches what a server asks for while a client authenticates, before the client answers:
 * `require_auth`, `channel_binding=require`, and a password that is not there
 * (libpq: `check_expected_areq` in src/interfaces/libpq/fe-auth.c).
 */
export class AuthenticationGuard {
  readonly #target: Target;
  readonly #tls: boolean;
  readonly #hasPassword: boolean;
  #used: AuthenticationMethod = 'none';
  #done = false;
  #serverProved = false;
  #bound = false;

  constructor(target: Target, options: { readonly tls: boolean; readonly hasPassword: boolean }) {
    this.#target = target;
    this.#tls = options.tls;
    this.#hasPassword = options.hasPassword;
  }

  /**
   * @param event node-postgres' name of the message that came in
   * @param mechanisms those of a SASL request
   * @returns why the connection must end here, if it must
   */
  refuse(event: string, mechanisms: readonly string[]): AttemptFailure | undefined {
    if (this.#done) return undefined;
    switch (event) {
      case 'authenticationCleartextPassword':
        return this.#asked('password');
      case 'authenticationMD5Password':
        return this.#asked('md5');
      case 'authenticationSASL':
        if (!mechanisms.some((mechanism) => mechanism.startsWith('SCRAM-SHA-256'))) {
          return refusal(`The server asks for ${mechanisms.join(' or ')}, which fdw does not know.`, 'Use a password, or a client certificate.');
        }
        return this.#asked('scram-sha-256', this.#tls && mechanisms.includes(boundMechanism));
      case 'authenticationSASLFinal':
        this.#serverProved = true;
        return undefined;
      case 'authenticationOk':
        this.#done = true;
        return this.#finished();
      default:
        return undefined;
    }
  }

  /**
   * @param mechanism what the driver is about to answer a SASL request with
   * @returns why the connection must end here, if it must
   */
  refuseChoice(mechanism: string): AttemptFailure | undefined {
    this.#bound = mechanism === boundMechanism;
    if (this.#target.channelBinding !== 'require' || this.#bound) return undefined;
    return refusal(`channel_binding=require, but the driver would authenticate with ${mechanism}.`, 'Use channel_binding=prefer.');
  }

  #asked(method: AuthenticationMethod, offersBinding = false): AttemptFailure | undefined {
    this.#used = method;
    if (this.#target.allowedAuthentication?.has(method) === false) return this.#notAllowed(`The server asks for ${method}`);
    if (this.#target.channelBinding === 'require' && !offersBinding) {
      return refusal(
        `channel_binding=require, but the server asks for ${method}${method === 'scram-sha-256' ? ' without channel binding' : ''}.`,
        'Connect with TLS to a server that uses scram-sha-256, or use channel_binding=prefer.',
      );
    }
    if (!this.#hasPassword) return { kind: 'no-password' };
    return undefined;
  }

  #finished(): AttemptFailure | undefined {
    if (this.#used === 'none' && this.#target.allowedAuthentication?.has('none') === false) {
      return this.#notAllowed('The server asks for nothing');
    }
    if (this.#used === 'scram-sha-256' && !this.#serverProved) {
      return refusal('The server did not prove that it knows the password.', 'Make sure that this is the right server.');
    }
    if (this.#target.channelBinding === 'require' && !this.#bound) {
      return refusal('channel_binding=require, but the server authenticated without channel binding.', 'Use channel_binding=prefer.');
    }
    return undefined;
  }

  #notAllowed(what: string): AttemptFailure {
    const allowed = [...(this.#target.allowedAuthentication ?? [])].join(', ');
    return refusal(`${what}; require_auth allows only ${allowed}.`, 'Change require_auth, or pg_hba.conf on the server.');
  }
}

function refusal(message: string, todo: string): AttemptFailure {
  return { kind: 'authentication', message, todo };
}
