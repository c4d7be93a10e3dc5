/** What went wrong on the way to a server, before anything is said to the user about it. */
export type AttemptFailure =
  /** The address could not be reached, or the connection broke. `code`: node's, such as ECONNREFUSED. */
  | { readonly kind: 'network'; readonly code: string; readonly message: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  /** The server answered that it has no TLS. */
  | { readonly kind: 'tls-unsupported' }
  /** The handshake failed; `code` is OpenSSL's or node's. */
  | { readonly kind: 'tls-failed'; readonly code: string; readonly message: string }
  /** A file of ours is missing, unreadable, open to others, or not what it should be. */
  | { readonly kind: 'tls-file'; readonly message: string; readonly todo: string | undefined }
  /** The server refused with an error message. `authenticated`: it had accepted who we are. */
  | {
      readonly kind: 'server';
      readonly sqlstate: string;
      readonly message: string;
      readonly detail: string | undefined;
      readonly hint: string | undefined;
      readonly authenticated: boolean;
    }
  /** The server asked for something that our settings or the driver do not allow. */
  | { readonly kind: 'authentication'; readonly message: string; readonly todo: string | undefined }
  /** The server asked for a password, and there is none. */
  | { readonly kind: 'no-password' }
  /** What answered does not speak PostgreSQL's protocol. */
  | { readonly kind: 'protocol'; readonly message: string }
  /** Connected, but not the kind of server that was asked for. */
  | { readonly kind: 'session-attributes'; readonly message: string };

/** Carries a failure from the driver's depths to the loop over hosts. Never reaches users. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError';
  readonly failure: AttemptFailure;

  constructor(failure: AttemptFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Node's error code of anything thrown, or ''. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Any error of a socket as a failure. */
export function networkFailure(error: unknown): AttemptError {
  if (error instanceof AttemptError) return error;
  return new AttemptError({ kind: 'network', code: errorCode(error), message: error instanceof Error ? error.message : String(error) });
}
