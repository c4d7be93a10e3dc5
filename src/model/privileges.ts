/** The privileges on a table that mean something for a foreign one (postgresql.org/docs/18/ddl-priv.html). */
export const tablePrivileges = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER'] as const;

/** Those of them that can be granted on columns. */
export const columnPrivileges = ['SELECT', 'INSERT', 'UPDATE'] as const;
