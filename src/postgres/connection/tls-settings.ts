import { join } from 'node:path';
import { Secret } from '../../base/secret.ts';
import { userTlsFolder } from './places.ts';
import { connectionInvalid } from './settings.ts';
import type { Settings } from './settings.ts';
import type { SslMode, TlsFile, TlsSettings, TlsVersion } from './target.ts';
import { valueOf, wordOf } from './values.ts';

const modes: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
const versions: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/**
 * TLS settings with libpq's meanings and default files (documentation of libpq, "SSL Support"). Files are
 * not opened here but when a server offers TLS.
 *
 * @throws {UserError} `connection-invalid`, also for combinations that libpq refuses
 */
export function tlsSettings(settings: Settings, env: NodeJS.ProcessEnv): TlsSettings {
  const rootName = valueOf(settings, 'sslrootcert');
  // libpq: a file may be called "system" only when written with a folder.
  const system = rootName === 'system';
  const fallbackMode = system ? 'verify-full' : valueOf(settings, 'requiressl') === '1' ? 'require' : 'prefer';
  const mode = wordOf(settings, 'sslmode', modes, fallbackMode);
  if (system && mode !== 'verify-full') {
    throw connectionInvalid(`sslmode=${mode} is too weak for sslrootcert=system.`, {
      why: "With the machine's own roots anyone with a bought certificate would be accepted.",
      todo: 'Use sslmode=verify-full.',
    });
  }
  const negotiation = wordOf(settings, 'sslnegotiation', ['postgres', 'direct'], 'postgres');
  if (negotiation === 'direct' && (mode === 'disable' || mode === 'allow' || mode === 'prefer')) {
    throw connectionInvalid(`sslmode=${mode} is too weak for sslnegotiation=direct.`, {
      todo: 'Use sslmode=require, verify-ca or verify-full.',
    });
  }
  const certificateMode = wordOf(settings, 'sslcertmode', ['disable', 'allow', 'require'], 'allow');
  if (certificateMode === 'require') {
    throw connectionInvalid('fdw cannot honour sslcertmode=require.', {
      why: 'node does not tell whether a server asked for the client certificate.',
      todo: 'Leave sslcertmode out: a certificate is sent whenever the server asks for one.',
    });
  }
  const minVersion = tlsVersion(settings, 'ssl_min_protocol_version');
  const maxVersion = tlsVersion(settings, 'ssl_max_protocol_version');
  if (minVersion !== undefined && maxVersion !== undefined && versions.indexOf(minVersion) > versions.indexOf(maxVersion)) {
    throw connectionInvalid('ssl_min_protocol_version is above ssl_max_protocol_version.');
  }

  const folder = userTlsFolder(env);
  const file = (name: string, fallback: string): TlsFile | undefined => {
    const path = valueOf(settings, name);
    if (path !== undefined) return { path, explicit: true };
    return folder === undefined ? undefined : { path: join(folder, fallback), explicit: false };
  };
  const keyPassword = valueOf(settings, 'sslpassword');
  return {
    mode,
    negotiation,
    rootCertificate: system ? 'system' : file('sslrootcert', 'root.crt'),
    certificate: file('sslcert', 'postgresql.crt'),
    key: file('sslkey', 'postgresql.key'),
    keyPassword: keyPassword === undefined ? undefined : new Secret(keyPassword),
    sendCertificate: certificateMode !== 'disable',
    revocationList: file('sslcrl', 'root.crl'),
    revocationFolder: valueOf(settings, 'sslcrldir'),
    serverNameIndication: wordOf(settings, 'sslsni', ['0', '1'], '1') === '1',
    // libpq's default (12 and later), and node's.
    minVersion: minVersion ?? 'TLSv1.2',
    maxVersion,
  };
}

/** libpq compares these without regard to case. */
function tlsVersion(settings: Settings, name: string): TlsVersion | undefined {
  const value = valueOf(settings, name);
  if (value === undefined) return undefined;
  const version = versions.find((each) => each.toLowerCase() === value.toLowerCase());
  return version ?? wordOf(settings, name, versions, 'TLSv1.2');
}
