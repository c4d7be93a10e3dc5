import { catalog, type Windows } from '../windows.ts';

/**
 * What is looked at to tell how a remote is. Of the windows on `pg_database` only the one that fits the remote's version can be looked
 * through: making one asks the remote nothing.
 *
 * @param marker the fetch_size of the window on `pg_stat_activity`, by which the own backend is told from others
 */
export function vitalWindows(marker: number): Windows {
  return {
    fdw_setting: catalog('pg_settings', 'name text, setting text, unit text, reset_val text'),
    fdw_activity: { ...catalog('pg_stat_activity', 'pid int4, datname text, usename text, backend_start timestamptz, xact_start timestamptz, query text, backend_type text'), fetchSize: marker },
    fdw_ssl: catalog('pg_stat_ssl', 'pid int4, ssl bool, version text, cipher text, bits int4'),
    fdw_gss: catalog('pg_stat_gssapi', 'pid int4, encrypted bool'),
    fdw_role: catalog('pg_roles', 'oid oid, rolname text, rolsuper bool, rolbypassrls bool, rolconnlimit int4, rolvaliduntil timestamptz'),
    fdw_secured: catalog('pg_class', 'relname text, relnamespace oid, relowner oid, relrowsecurity bool, relforcerowsecurity bool'),
    fdw_policy: catalog('pg_policies', 'schemaname text, tablename text, qual text, with_check text'),
    fdw_database_14: catalog('pg_database', database),
    fdw_database_15: catalog('pg_database', `${database}, datlocprovider "char", daticulocale text, datcollversion text`),
    fdw_database_17: catalog('pg_database', `${database}, datlocprovider "char", datlocale text, datcollversion text`),
    fdw_version: catalog('pg_extension', 'extname text, extversion text'),
    fdw_receiver: catalog('pg_stat_wal_receiver', 'status text'),
    fdw_standby: catalog('pg_stat_replication', 'application_name text, state text, sync_state text, replay_lag interval'),
    fdw_conflict: catalog('pg_stat_database_conflicts', 'datname text, confl_tablespace int8, confl_lock int8, confl_snapshot int8, confl_bufferpin int8, confl_deadlock int8'),
  };
}

const database = 'datname text, encoding int4, datcollate text, datconnlimit int4';

/** The window on `pg_database` for a remote of that version. */
export function databaseWindow(versionNum: number): string {
  return versionNum >= 170000 ? 'fdw_database_17' : versionNum >= 150000 ? 'fdw_database_15' : 'fdw_database_14';
}
