import { catalog, catalogWindows, databaseWindows, type Windows } from '../windows.ts';

/**
 * What is looked at to tell how a remote is.
 *
 * @param marker the fetch_size of the window on `pg_stat_activity`, by which the own backend is told from others
 */
export function vitalWindows(marker: number): Windows {
  const { fdw_namespace, fdw_extension } = catalogWindows;
  return {
    fdw_namespace,
    fdw_extension,
    fdw_setting: catalog('pg_settings', 'name text, setting text, reset_val text'),
    fdw_activity: { ...catalog('pg_stat_activity', 'pid int4, datname text, usename text, backend_start timestamptz, xact_start timestamptz, query text, backend_type text'), fetchSize: marker },
    fdw_ssl: catalog('pg_stat_ssl', 'pid int4, ssl bool, version text, cipher text, bits int4'),
    fdw_gss: catalog('pg_stat_gssapi', 'pid int4, encrypted bool'),
    fdw_role: catalog('pg_roles', 'oid oid, rolname text, rolsuper bool, rolbypassrls bool, rolconnlimit int4, rolvaliduntil timestamptz'),
    fdw_secured: catalog('pg_class', 'relname text, relnamespace oid, relowner oid, relrowsecurity bool, relforcerowsecurity bool'),
    fdw_policy: catalog('pg_policies', 'schemaname text, tablename text, qual text, with_check text'),
    ...databaseWindows,
    fdw_receiver: catalog('pg_stat_wal_receiver', 'status text'),
    fdw_standby: catalog('pg_stat_replication', 'application_name text, state text, sync_state text, replay_lag interval'),
    fdw_conflict: catalog('pg_stat_database_conflicts', 'datname text, confl_tablespace int8, confl_lock int8, confl_snapshot int8, confl_bufferpin int8, confl_deadlock int8'),
  };
}
