import type { SessionAttributes } from '../connection/target.ts';
import type { OpenClient } from './client.ts';

/**
 * Whether a server is of the kind that `target_session_attrs` asks for. Servers from 14 on say so in
 * ParameterStatus; others, and poolers, are asked, as libpq does.
 *
 * @returns undefined when it is; else what it is
 */
export async function unfitFor(wanted: SessionAttributes, open: OpenClient): Promise<string | undefined> {
  switch (wanted) {
    case 'any':
      return undefined;
    case 'read-write':
      return (await isReadOnly(open)) ? 'its sessions are read-only' : undefined;
    case 'read-only':
      return (await isReadOnly(open)) ? undefined : 'its sessions are not read-only';
    case 'primary':
      return (await isStandby(open)) ? 'it is a standby' : undefined;
    case 'standby':
    case 'prefer-standby':
      return (await isStandby(open)) ? undefined : 'it is not a standby';
  }
}

async function isStandby(open: OpenClient): Promise<boolean> {
  const reported = open.parameters.get('in_hot_standby');
  if (reported !== undefined) return reported === 'on';
  const { rows } = await open.client.query<{ standby: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS standby');
  return rows[0]?.standby === true;
}

async function isReadOnly(open: OpenClient): Promise<boolean> {
  const standby = open.parameters.get('in_hot_standby');
  const byDefault = open.parameters.get('default_transaction_read_only');
  if (standby !== undefined && byDefault !== undefined) return standby === 'on' || byDefault === 'on';
  const { rows } = await open.client.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
  return rows[0]?.transaction_read_only === 'on';
}
