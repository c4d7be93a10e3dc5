import type { MappingRole } from './role.ts';

/**
 * Who holds one privilege on which columns, but for the owner. In a spec it is complete for the privileges that it
 * names; privileges that it does not name are left alone.
 */
export interface ColumnGrant {
  /** In upper case, as PostgreSQL prints it. */
  readonly privilege: string;
  readonly holders: readonly ColumnHolder[];
}

export interface ColumnHolder {
  readonly role: MappingRole;
  /** By name. */
  readonly columns: readonly string[];
}

/** One statement's worth of difference: a role gets or loses a privilege on some columns. */
export interface ColumnGrantChange extends ColumnHolder {
  readonly verb: 'grant' | 'revoke';
  readonly privilege: string;
}
