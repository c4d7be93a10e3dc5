import { describeHost } from '../connection/describe.ts';
import { isSocketFolder } from '../connection/places.ts';
import type { Target } from '../connection/target.ts';
import type { AttemptFailure } from './attempt-error.ts';
import type { FailedAttempt } from './establish.ts';

/** What a failed attempt means to a user. */
export interface Explained {
  /** The id of the error: `connection-refused` … */
  readonly id: string;
  /** What happened, as a sentence without its place: `The server refused the connection.` */
  readonly why: string;
  readonly todo: string | undefined;
}

/** Says what one failed attempt means and what to do about it. */
export function explain(attempt: FailedAttempt, target: Target): Explained {
  const { failure } = attempt;
  switch (failure.kind) {
    case 'network':
      return network(failure, attempt);
    case 'timeout':
      return {
        id: 'connection-timeout',
        why: `There was no answer within ${failure.seconds} s (connect_timeout).`,
        todo: 'Check host, port and firewall, or give more time with connect_timeout.',
      };
    case 'tls-unsupported':
      return {
        id: 'tls-refused',
        why: `The server does not offer TLS, and sslmode=${target.tls.mode} needs it.`,
        todo: 'Turn TLS on there (ssl = on), or use sslmode=prefer or disable where the network is safe.',
      };
    case 'tls-failed':
      return tls(failure, attempt, target);
    case 'tls-file':
      return { id: 'tls-file-invalid', why: failure.message, todo: failure.todo };
    case 'server':
      return refusal(failure, attempt, target);
    case 'authentication':
      return { id: 'authentication-failed', why: failure.message, todo: failure.todo };
    case 'no-password':
      return {
        id: 'password-missing',
        why: ['The server asks for a password, and none was given.', ...target.warnings].join(' '),
        todo: 'Put it into ~/.pgpass (chmod 600) or into PGPASSWORD.',
      };
    case 'protocol':
      return {
        id: 'not-postgresql',
        why: `What answers there does not speak PostgreSQL's protocol: ${failure.message}`,
        todo: 'Check host and port.',
      };
    case 'session-attributes':
      return {
        id: 'wrong-session-attributes',
        why: `It answers, but ${failure.message} (target_session_attrs=${target.sessionAttributes}).`,
        todo: 'Add the right host to the list, or change target_session_attrs.',
      };
  }
}

type Failure<K extends AttemptFailure['kind']> = Extract<AttemptFailure, { kind: K }>;

function network(failure: Failure<'network'>, attempt: FailedAttempt): Explained {
  const { host } = attempt;
  const socket = isSocketFolder(host.host) && host.hostaddr === undefined;
  switch (failure.code) {
    case 'ECONNREFUSED':
      return {
        id: 'connection-refused',
        why: 'The connection was refused: no server listens there.',
        todo: socket
          ? 'Start the server, or check the socket folder (unix_socket_directories) and the port.'
          : 'Start the server, or check host and port; the server listens to other machines only with listen_addresses set.',
      };
    case 'ENOENT':
      return {
        id: 'connection-refused',
        why: `There is no socket ${attempt.address ?? ''}.`,
        todo: 'Start the server, check the socket folder and the port, or give a host name to connect by TCP.',
      };
    case 'EACCES':
    case 'EPERM':
      return { id: 'connection-refused', why: `The operating system does not permit it (${failure.code}).`, todo: 'Check the permissions of the socket, or the firewall.' };
    case 'ENOTFOUND':
      return { id: 'host-not-found', why: `The name "${host.host}" is not known to the resolver.`, todo: 'Check the spelling, and the VPN or DNS that knows the name.' };
    case 'EAI_AGAIN':
      return { id: 'host-not-found', why: `The resolver does not answer for "${host.host}".`, todo: 'Check the network and DNS, then try again.' };
    case 'ETIMEDOUT':
      return { id: 'connection-timeout', why: 'There was no answer.', todo: 'Check host, port and firewall.' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { id: 'host-unreachable', why: `There is no route to ${attempt.address ?? 'it'}.`, todo: 'Check the network, the VPN and the address.' };
    case 'CLOSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        id: 'connection-closed',
        why: 'The server closed the connection without a word.',
        todo: "Look at the server's log; a proxy, or another service on that port, may have answered.",
      };
    default:
      return { id: 'connection-failed', why: failure.message, todo: 'Check host, port and network.' };
  }
}

function tls(failure: Failure<'tls-failed'>, attempt: FailedAttempt, target: Target): Explained {
  const root = target.tls.rootCertificate;
  const roots = root === 'system' ? "the machine's own roots" : (root?.path ?? 'no root certificate');
  switch (failure.code) {
    case 'NO_HOST_NAME':
      return { id: 'hostname-mismatch', why: failure.message, todo: 'Give host as well, or use sslmode=verify-ca.' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        id: 'hostname-mismatch',
        why: `The server's certificate is not for "${attempt.host.host}" but for ${failure.message}.`,
        todo: 'Connect by a name that the certificate holds, or use sslmode=verify-ca where the authority is your own.',
      };
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return {
        id: 'certificate-not-trusted',
        why: `A certificate of the server ${failure.code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}.`,
        todo: 'Renew it on the server; check the clocks of both machines.',
      };
    case 'CERT_REVOKED':
      return { id: 'certificate-not-trusted', why: "The server's certificate has been revoked.", todo: 'Make sure that this is the right server; it needs a new certificate.' };
    case 'UNABLE_TO_GET_CRL':
      return { id: 'certificate-not-trusted', why: 'There is no revocation list of the authority that signed the certificate.', todo: 'Add its list to sslcrl or sslcrldir.' };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
    case 'INVALID_CA':
    case 'CERT_UNTRUSTED':
      return {
        id: 'certificate-not-trusted',
        why: `The server's certificate is not signed by an authority of ${roots} (${failure.message}).`,
        todo: "Name the file of the server's authority with sslrootcert.",
      };
    default:
      if (/certificate required|ALERT_CERTIFICATE_REQUIRED/i.test(`${failure.message} ${failure.code}`)) return clientCertificateMissing(target);
      return {
        id: 'tls-failed',
        why: `The TLS handshake failed: ${failure.message}`,
        todo:
          target.tls.negotiation === 'direct'
            ? 'Leave sslnegotiation=direct out for servers before 17, which do not know it.'
            : "Look at the server's log; check certificate, key and TLS versions on both sides.",
      };
  }
}

function clientCertificateMissing(target: Target): Explained {
  const path = target.tls.certificate?.path;
  return {
    id: 'client-certificate-required',
    why: 'The server asks for a client certificate.',
    todo: `Name one with sslcert and sslkey${path === undefined ? '' : `; ${path} was looked for`}.`,
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The server's own refusals by SQLSTATE (documentation, appendix "PostgreSQL Error Codes"). */
function refusal(failure: Failure<'server'>, attempt: FailedAttempt, target: Target): Explained {
  const why = [`The server says: ${sentence(failure.message)}`, failure.detail].filter((part) => part !== undefined).join(' ');
  const user = target.user;
  switch (failure.sqlstate) {
    case '28P01':
      return {
        id: 'authentication-failed',
        why: attempt.host.passwordFrom === undefined ? why : `${why} The password came from ${attempt.host.passwordFrom}.`,
        todo: `Check the password of "${user}", and that the role exists and may log in.`,
      };
    case '28000':
      // Every refusal by pg_hba.conf ends in "no encryption" or the like; with TLS untried it may be the reason.
      if (target.tls.mode === 'disable' && /no encryption|SSL off/i.test(failure.message)) {
        return { id: 'tls-required', why, todo: 'Use sslmode=require or stronger, or let pg_hba.conf on the server accept connections without TLS.' };
      }
      if (/certificate/i.test(failure.message)) return { ...clientCertificateMissing(target), why };
      return { id: 'authentication-failed', why, todo: `Check user, database and pg_hba.conf on the server for "${user}".` };
    case '3D000':
      return { id: 'database-missing', why, todo: `Create it (CREATE DATABASE), or name another one than "${target.database}".` };
    case '42501':
      return { id: 'permission-denied', why, todo: `Grant it: GRANT CONNECT ON DATABASE … TO … as the owner of "${target.database}".` };
    case '53300':
      return { id: 'too-many-connections', why, todo: 'Wait, close idle connections, or raise max_connections or the CONNECTION LIMIT.' };
    case '08P01':
      // pgbouncer's words (src/client.c).
      if (!failure.message.startsWith('unsupported startup parameter')) return rejected(failure, attempt, why);
      return { id: 'pooler-in-between', why, todo: 'A pooler takes few settings with the connection: leave out options, PGOPTIONS and PGGEQO, or name them in its ignore_startup_parameters.' };
    case '57P03':
      return { id: 'cannot-connect-now', why, todo: 'The server is starting, stopping or recovering: try again in a moment.' };
    default:
      return rejected(failure, attempt, why);
  }
}

function rejected(failure: Failure<'server'>, attempt: FailedAttempt, why: string): Explained {
  return {
    id: 'connection-rejected',
    why: `${why} (SQLSTATE ${failure.sqlstate})`,
    todo: failure.hint ?? `Look at the log of the server at ${describeHost(attempt.host)}.`,
  };
}
