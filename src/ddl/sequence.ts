import type { QualifiedName } from '../model/name.ts';
import type { Column } from '../model/column.ts';
import type { Sequence } from '../model/sequence.ts';
import { aclStatements } from '../sql/acl.ts';
import { ident, literal, qualified } from '../sql/quote.ts';
import { roleSpec } from '../sql/role.ts';
import { identityClause } from './column.ts';

/**
 * Keeps where a sequence is for `restoreSequence`, in a setting of the transaction: nobody takes a value meanwhile, since
 * ALTER SEQUENCE, even one that changes nothing, makes nextval wait (postgresql.org/docs/18/sql-altersequence.html, "Notes").
 * @param as a name for the setting
 */
export function keepSequence({ schema, name }: QualifiedName, { increment }: Sequence, as: string): readonly string[] {
  return [
    `ALTER SEQUENCE ${qualified({ schema, name })} INCREMENT BY ${increment}`,
    `SELECT pg_catalog.set_config(${literal(as)}, pg_catalog.concat_ws(' ', last_value, is_called), true) FROM ${qualified({ schema, name })}`,
  ];
}

/** Makes a column an identity column with such a sequence, which goes on where the kept one was. */
export function restoreSequence(table: QualifiedName, sequence: Sequence, identity: NonNullable<Column['identity']>, as: string): readonly string[] {
  const { column, columnType, type, start, increment, min, max, cache, cycle, comment, favoured } = sequence;
  const name = qualified({ schema: table.schema, name: sequence.name });
  const settings = `SEQUENCE NAME ${name} START WITH ${start} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache} ${cycle ? 'CYCLE' : 'NO CYCLE'}`;
  const kept = (field: number): string => `pg_catalog.split_part(pg_catalog.current_setting(${literal(as)}), ' ', ${field})`;
  return [
    `ALTER FOREIGN TABLE ${qualified(table)}\n  ALTER COLUMN ${ident(column)} ADD ${identityClause(identity)} (${settings})`,
    ...(type === columnType ? [] : [`ALTER SEQUENCE ${name} AS ${type}`]),
    `SELECT pg_catalog.setval(${literal(name)}, ${kept(1)}::pg_catalog.int8, ${kept(2)}::pg_catalog.bool)`,
    ...(comment === undefined ? [] : [`COMMENT ON SEQUENCE ${name} IS ${literal(comment)}`]),
    ...favoured.map((role) => `REVOKE ALL ON SEQUENCE ${name} FROM ${roleSpec(role)}`),
  ];
}

/** Who may do what with it. */
export function grantSequence({ schema }: QualifiedName, { name, acl }: Sequence): readonly string[] {
  return aclStatements(`SEQUENCE ${qualified({ schema, name })}`, acl);
}
