import type { Secret } from '../../base/secret.ts';

/** libpq's `sslmode`. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** libpq's `target_session_attrs`. */
export type SessionAttributes = 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';

/** One place to try. */
export interface TargetHost {
  /** A name, an address, or a folder of Unix sockets (an absolute path, or `@name` for an abstract one); empty when only an address was given. */
  readonly host: string;
  /** The address to use instead of looking `host` up. */
  readonly hostaddr: string | undefined;
  readonly port: number;
  /** From the settings, or from the password file for this very host. */
  readonly password: Secret | undefined;
  /** Where the password was found: `the connection string`, `PGPASSWORD`, the path of a file. */
  readonly passwordFrom: string | undefined;
}

/** A file named by a setting, or libpq's default place for it. */
export interface TlsFile {
  readonly path: string;
  /** Whether a setting named it; a default one may be missing. */
  readonly explicit: boolean;
}

export interface TlsSettings {
  readonly mode: SslMode;
  /** `direct`: TLS from the first byte, no question (17 and later). */
  readonly negotiation: 'postgres' | 'direct';
  /** `system`: the roots that the machine trusts; undefined: no such file is to be had (no home folder). */
  readonly rootCertificate: TlsFile | 'system' | undefined;
  readonly certificate: TlsFile | undefined;
  readonly key: TlsFile | undefined;
  readonly keyPassword: Secret | undefined;
  /** `sslcertmode=disable`: no client certificate is sent, even when there is one. */
  readonly sendCertificate: boolean;
  readonly revocationList: TlsFile | undefined;
  readonly revocationFolder: string | undefined;
  readonly serverNameIndication: boolean;
  readonly minVersion: TlsVersion | undefined;
  readonly maxVersion: TlsVersion | undefined;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Ways of authentication that `require_auth` names and fdw can tell apart. */
export type AuthenticationMethod = 'none' | 'password' | 'md5' | 'scram-sha-256' | 'gss' | 'sspi' | 'oauth';

/** A database to connect to: everything decided, nothing left to the driver's own defaults. */
export interface Target {
  /** At least one, in the order of the settings. */
  readonly hosts: readonly [TargetHost, ...TargetHost[]];
  readonly database: string;
  readonly user: string;
  /** `application_name` or PGAPPNAME; fdw's own name stands in where it is undefined. */
  readonly applicationName: string | undefined;
  /** Sent with the start-up message: `options`, and what PGTZ, PGDATESTYLE and PGGEQO set. */
  readonly startup: ReadonlyMap<string, string>;
  /** Seconds per address; 0: no limit. */
  readonly connectTimeout: number;
  readonly sessionAttributes: SessionAttributes;
  /** Try hosts, and the addresses of each, in random order. */
  readonly shuffle: boolean;
  readonly tls: TlsSettings;
  readonly channelBinding: 'disable' | 'prefer' | 'require';
  /** Methods the server may ask for; undefined: any. */
  readonly allowedAuthentication: ReadonlySet<AuthenticationMethod> | undefined;
  /** Seconds of silence before TCP asks whether the other side still lives; undefined: never ask. 0: the system's default. */
  readonly keepAliveIdle: number | undefined;
  /** What the user should know though it is no error, such as a password file that was not read. No secrets. */
  readonly warnings: readonly string[];
}
