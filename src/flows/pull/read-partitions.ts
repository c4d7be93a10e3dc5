import { nameKey, type QualifiedName } from '../../model/name.ts';
import type { PartitionedTable, PartitionOf } from '../../model/partitioned-table.ts';
import type { Session } from '../../postgres/session.ts';
import type { PartitionFacts, TableFact } from '../../pull/types.ts';
import { loadParser, type Node, type Parser } from '../../pushdown/parser.ts';
import type { BoundValue, SpecBound } from '../../spec/types.ts';

/**
 * What a spec needs or cannot say of partitioned tables and foreign partitions, beyond the model: one query, and none where there are none.
 * @param foreign those that are partitions
 */
export async function readPartitionFacts(session: Session, tables: readonly PartitionedTable[], foreign: readonly (QualifiedName & PartitionOf)[]): Promise<PartitionFacts> {
  if (tables.length + foreign.length === 0) return { tables: [], bounds: new Map() };
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  const facts = tables.length === 0 ? [] : await session.query<TableFact & Record<string, unknown>>(tablesQuery, [schemas]);
  const parser = await loadParser();
  const bounds = [...tables.flatMap(({ partitions = [] }) => partitions), ...foreign].flatMap((partition) => {
    const bound = boundOf(partition.bound, parser);
    return bound === undefined ? [] : [[nameKey(partition), bound] as const];
  });
  return { tables: facts, bounds: new Map(bounds) };
}

/** A bound as `pg_get_expr` prints it, in its parts; undefined where a value is more than a constant. */
function boundOf(text: string, parser: Parser): SpecBound | undefined {
  const command = parser.parse(`ALTER TABLE t ATTACH PARTITION p ${text}`)?.stmts?.[0]?.stmt;
  const first = command !== undefined && 'AlterTableStmt' in command ? command.AlterTableStmt.cmds?.[0] : undefined;
  const definition = first !== undefined && 'AlterTableCmd' in first ? first.AlterTableCmd.def : undefined;
  const spec = definition !== undefined && 'PartitionCmd' in definition ? definition.PartitionCmd.bound : undefined;
  if (spec === undefined) return undefined;
  if (spec.is_default === true) return { kind: 'default' };
  if (spec.strategy === 'h') return { kind: 'hash', modulus: spec.modulus ?? 0, remainder: spec.remainder ?? 0 };
  if (spec.strategy === 'l') {
    const values = valuesOf(spec.listdatums);
    return values === undefined ? undefined : { kind: 'list', values };
  }
  const from = valuesOf(spec.lowerdatums);
  const to = valuesOf(spec.upperdatums);
  return from === undefined || to === undefined ? undefined : { kind: 'range', from, to };
}

function valuesOf(nodes: readonly Node[] | undefined): readonly BoundValue[] | undefined {
  const values = (nodes ?? []).map(valueOf);
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}

/** MINVALUE and MAXVALUE are columns to the grammar (src/backend/parser/parse_utilcmd.c, transformPartitionRangeBounds, 14 to 18). */
function valueOf(node: Node): BoundValue | undefined {
  if ('ColumnRef' in node) {
    const [field] = node.ColumnRef.fields ?? [];
    const word = field !== undefined && 'String' in field ? field.String.sval : undefined;
    return word === 'minvalue' || word === 'maxvalue' ? word : undefined;
  }
  if (!('A_Const' in node)) return undefined;
  const { isnull, sval, fval, ival, boolval } = node.A_Const;
  if (isnull === true) return 'null';
  if (sval !== undefined) return { text: sval.sval ?? '' };
  if (fval !== undefined) return { text: fval.fval ?? '' };
  if (boolval !== undefined) return { text: String(boolval.boolval ?? false) };
  return ival === undefined ? undefined : { text: String(ival.ival ?? 0) };
}

const tablesQuery = `
  SELECT n.nspname AS schema, c.relname AS name, f.what, f.count::int AS count, f.decisive
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (VALUES
    (1, 'its table is a partition', CASE WHEN c.relispartition THEN 1 ELSE 0 END, true),
    (2, 'constraint{s}', (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')), false),
    (3, 'index{es} of its own', (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))), false),
    (4, 'trigger{s}', (SELECT count(*) FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal), false),
    (5, 'rule{s}', (SELECT count(*) FROM pg_rewrite r WHERE r.ev_class = c.oid), false),
    (6, 'row security polic{y|ies}', (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid), false),
    (7, 'extended statistics object{s}', (SELECT count(*) FROM pg_statistic_ext s WHERE s.stxrelid = c.oid), false),
    (8, 'grant option{s}', (SELECT count(*) FROM aclexplode(c.relacl) x WHERE x.is_grantable AND x.grantee <> c.relowner), false),
    (9, 'grant{s} on columns', (SELECT count(*) FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) x WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND x.grantee <> c.relowner), false)
  ) AS f(position, what, count, decisive)
  WHERE c.relkind = 'p' AND n.nspname = ANY ($1::text[]) AND f.count > 0
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", f.position`;
