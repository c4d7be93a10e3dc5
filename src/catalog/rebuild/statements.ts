import { ident, literal, qualified } from '../../sql/quote.ts';
import { aclStatements } from '../../sql/acl.ts';
import type { SecurityLabel } from '../../model/security-label.ts';
import { labelStatement } from '../../sql/security-label.ts';
import { roleSpec } from '../../sql/role.ts';
import { roleOf } from '../acl-items.ts';
import type { ColumnFacts, PartFacts, RelationFacts } from './facts.ts';
import { aclOf } from './privileges.ts';

/** A view or materialized view as it was: its text, what hangs on it, its owner, and who may do what. */
export function viewStatements(facts: RelationFacts): readonly string[] {
  return [
    createView(facts),
    ...facts.favoured.map((role) => `REVOKE ALL ON TABLE ${qualified(facts)} FROM ${roleName(role)}`),
    ...facts.columns.flatMap((column) => columnStatements(facts, column)),
    ...facts.parts.flatMap((part) => partStatements(facts, part)),
    ...(facts.comment === null ? [] : [`COMMENT ON ${noun(facts)} ${qualified(facts)} IS ${literal(facts.comment)}`]),
    ...labelsOf(facts).map((label) => labelStatement(noun(facts), facts, label)),
    `ALTER ${noun(facts)} ${qualified(facts)} OWNER TO ${roleName(facts.owner)}`,
    ...aclStatements(`TABLE ${qualified(facts)}`, aclOf(facts, facts.columns)),
  ];
}

/** What the model of a foreign table does not hold: its triggers and extended statistics. */
export function tableStatements(facts: RelationFacts): readonly string[] {
  return facts.parts.flatMap((part) => partStatements(facts, part));
}

/** Its security labels. */
export function labelsOf({ labels }: RelationFacts): readonly SecurityLabel[] {
  return labels.map(({ column, sequence, ...label }) => ({ ...label, column: column ?? undefined, sequence: sequence ?? undefined }));
}

function noun({ kind }: RelationFacts): string {
  return kind === 'v' ? 'VIEW' : kind === 'm' ? 'MATERIALIZED VIEW' : 'FOREIGN TABLE';
}

/* pg_get_viewdef ends with a semicolon. A reloption is stored as `name=value` (access/common/reloptions.c, 14 to 18). */
function createView(facts: RelationFacts): string {
  const columns = facts.columns.map(({ name }) => ident(name)).join(', ');
  const options = facts.options === null ? '' : ` WITH (${facts.options.map(option).join(', ')})`;
  const body = (facts.definition ?? '').trim().replace(/;$/, '');
  const head = `CREATE ${noun(facts)} ${qualified(facts)} (${columns})`;
  if (facts.kind === 'v') return `${head}${options} AS\n${body}`;
  const method = facts.method === null ? '' : ` USING ${ident(facts.method)}`;
  const tablespace = facts.tablespace === null ? '' : ` TABLESPACE ${ident(facts.tablespace)}`;
  return `${head}${method}${options}${tablespace} AS\n${body}\nWITH ${facts.populated ? '' : 'NO '}DATA`;
}

function option(text: string): string {
  const at = text.indexOf('=');
  return `${ident(text.slice(0, at))} = ${literal(text.slice(at + 1))}`;
}

function columnStatements(facts: RelationFacts, column: ColumnFacts): readonly string[] {
  const alter = `ALTER ${noun(facts)} ${qualified(facts)} ALTER COLUMN ${ident(column.name)}`;
  return [
    ...(column.default === null ? [] : [`${alter} SET DEFAULT ${column.default}`]),
    ...(column.statistics === null ? [] : [`${alter} SET STATISTICS ${column.statistics}`]),
    ...(column.options === null ? [] : [`${alter} SET (${column.options.map(option).join(', ')})`]),
    ...(column.comment === null ? [] : [`COMMENT ON COLUMN ${qualified(facts)}.${ident(column.name)} IS ${literal(column.comment)}`]),
  ];
}

/* tgenabled and ev_enabled: O fires as usual, D not at all, R on replicas, A always (postgresql.org/docs/18/catalog-pg-trigger.html). */
const firing: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };

function partStatements(facts: RelationFacts, { what, schema, name, definition, comment, enabled, clustered, owner, target }: PartFacts): readonly string[] {
  const own = what === 'index' || what === 'statistics';
  const subject = own ? `${what.toUpperCase()} ${qualified({ schema, name })}` : `${what.toUpperCase()} ${ident(name)} ON ${qualified(facts)}`;
  const state = enabled === null ? undefined : firing[enabled];
  return [
    definition.replace(/;$/, ''),
    ...(state === undefined ? [] : [`ALTER ${noun(facts)} ${qualified(facts)} ${state} ${what.toUpperCase()} ${ident(name)}`]),
    ...(clustered ? [`ALTER MATERIALIZED VIEW ${qualified(facts)} CLUSTER ON ${ident(name)}`] : []),
    ...(comment === null ? [] : [`COMMENT ON ${subject} IS ${literal(comment)}`]),
    ...(target === null ? [] : [`ALTER ${subject} SET STATISTICS ${target}`]),
    ...(owner === null ? [] : [`ALTER ${subject} OWNER TO ${roleName(owner)}`]),
  ];
}

/** The comments of a foreign table's checks. */
export function checkComments(facts: RelationFacts): readonly { readonly check: string; readonly statement: string }[] {
  return facts.remarks.filter(({ type }) => type === 'c').map(({ name, comment }) => ({ check: name, statement: `COMMENT ON CONSTRAINT ${ident(name)} ON ${qualified(facts)} IS ${literal(comment)}` }));
}

function roleName(role: string | null): string {
  return roleSpec(roleOf(role));
}
