import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { TlsFile, TlsSettings } from '../connection/target.ts';
import { AttemptError, errorCode } from './attempt-error.ts';

/** TLS files read and made ready. */
export interface TlsMaterial {
  readonly context: SecureContext;
  /** Whether the server's certificate is checked: whenever there are roots, as in libpq. */
  readonly verify: boolean;
}

/**
 * Reads certificates, key and revocation lists as libpq does (src/interfaces/libpq/fe-secure-openssl.c,
 * `initialize_SSL`): default files may be missing; verify-ca and verify-full need a root certificate;
 * require verifies when there is one; a certificate needs its key, closed to others.
 *
 * @throws {AttemptError} `tls-file`
 */
export async function tlsMaterial(tls: TlsSettings): Promise<TlsMaterial> {
  const roots = await rootsOf(tls);
  const options: SecureContextOptions = {
    ...(roots === undefined ? {} : { ca: roots }),
    ...(tls.sendCertificate ? await clientCertificate(tls) : {}),
    ...(tls.minVersion === undefined ? {} : { minVersion: tls.minVersion }),
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
  };
  if (roots !== undefined) {
    const lists = await revocationLists(tls);
    if (lists.length > 0) options.crl = lists;
  }
  try {
    return { context: createSecureContext(options), verify: roots !== undefined };
  } catch (error) {
    throw fileProblem(contextProblem(error, tls), undefined);
  }
}

async function rootsOf(tls: TlsSettings): Promise<(string | Buffer)[] | undefined> {
  if (tls.rootCertificate === 'system') return systemRoots();
  const file = tls.rootCertificate;
  if (file !== undefined && existsSync(file.path)) return [await read(file.path, 'root certificate file')];
  if (tls.mode === 'verify-ca' || tls.mode === 'verify-full') {
    throw fileProblem(
      `sslmode=${tls.mode} needs a root certificate, and ${file === undefined ? 'there is none' : `${file.path} does not exist`}.`,
      "Name the file of the server's authority with sslrootcert, or use sslrootcert=system for a certificate that the machine trusts.",
    );
  }
  return undefined;
}

/** The machine's roots: SSL_CERT_FILE (OpenSSL's variable), the usual bundles, or else node's own list. */
async function systemRoots(): Promise<(string | Buffer)[]> {
  const bundles = [process.env['SSL_CERT_FILE'], '/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
  const bundle = bundles.find((path) => path !== undefined && path !== '' && existsSync(path));
  return bundle === undefined ? [...rootCertificates] : [await read(bundle, 'root certificate file')];
}

async function clientCertificate(tls: TlsSettings): Promise<SecureContextOptions> {
  const { certificate, key } = tls;
  if (certificate === undefined || !existsSync(certificate.path)) return {};
  const cert = await read(certificate.path, 'certificate file');
  if (key === undefined || !existsSync(key.path)) {
    throw fileProblem(
      `There is a client certificate (${certificate.path}) but not its private key${key === undefined ? '' : ` (${key.path})`}.`,
      'Name the key with sslkey, or use sslcertmode=disable to send no certificate.',
    );
  }
  await refuseOpenKey(key);
  const password = tls.keyPassword?.reveal();
  return { cert, key: await read(key.path, 'private key file'), ...(password === undefined ? {} : { passphrase: password }) };
}

/** libpq: 0600 or less for one's own key, 0640 or less for root's. */
async function refuseOpenKey(key: TlsFile): Promise<void> {
  if (process.platform === 'win32') return;
  const status = await stat(key.path);
  if (!status.isFile()) throw fileProblem(`The private key ${key.path} is not a plain file.`, undefined);
  const allowed = status.uid === 0 ? 0o640 : 0o600;
  if ((status.mode & 0o777 & ~allowed) !== 0) {
    throw fileProblem(`The private key ${key.path} is open to others than its owner.`, `Run: chmod 600 ${key.path}`);
  }
}

async function revocationLists(tls: TlsSettings): Promise<(string | Buffer)[]> {
  const lists: (string | Buffer)[] = [];
  const { revocationList: list, revocationFolder: folder } = tls;
  if (list !== undefined && (list.explicit || existsSync(list.path))) lists.push(await read(list.path, 'revocation list'));
  if (folder !== undefined) {
    const names = await readdir(folder).catch((error: unknown) => {
      throw fileProblem(`The folder of revocation lists ${folder} cannot be read (${errorCode(error)}).`, undefined);
    });
    for (const name of names.sort()) lists.push(await read(join(folder, name), 'revocation list'));
  }
  return lists;
}

async function read(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileProblem(`The ${what} ${path} cannot be read (${errorCode(error)}).`, undefined);
  }
}

/** OpenSSL's reasons, none of which quotes a file's content. */
function contextProblem(error: unknown, tls: TlsSettings): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (/bad decrypt|password|interrupted or cancelled/i.test(reason)) {
    return `The private key ${tls.key?.path ?? ''} is encrypted, and sslpassword is missing or wrong.`;
  }
  return `The TLS files cannot be used: ${reason}.`;
}

function fileProblem(message: string, todo: string | undefined): AttemptError {
  return new AttemptError({ kind: 'tls-file', message, todo });
}
