import { nameKey } from '../../model/name.ts';
import type { RelationFacts } from '../facts/relations.ts';
import type { OpenedQuery } from '../facts/views.ts';
import type { ColumnFacts } from '../oracle/catalog.ts';
import { nameOf } from '../oracle/expression.ts';
import type { Prober } from '../oracle/prober.ts';
import type { Node, Parser } from '../parser.ts';
import type { Clause } from '../types.ts';
import type { Surroundings } from './rule.ts';
import { functionNames } from './tree.ts';

/** What a statement's surroundings are made of. */
export interface Statement {
  readonly parser: Parser;
  readonly prober: Prober;
  readonly versionNum: number;
  readonly sql: string;
  readonly opened: OpenedQuery;
  /** Of all relations that the statement reaches. */
  readonly facts: readonly RelationFacts[];
  /** The relations that are read whatever values parameters have, by `nameKey`; empty: not known. */
  readonly scanned: ReadonlySet<string>;
  readonly columns: (relations: readonly number[]) => Promise<readonly ColumnFacts[]>;
}

/** Reads what the rules ask for, once per statement. */
export async function readSurroundings({ parser, prober, versionNum, sql, opened, facts, scanned, columns }: Statement, ill: readonly Clause[]): Promise<Surroundings> {
  const root = parser.parse(sql)?.stmts?.[0]?.stmt;
  const all = await columns([...new Set(facts.map((each) => each.oid))]);
  const names = [...new Set(functionNames(root))];
  const rows = await prober.read<{ name: string | null; config: string | null; volatile: boolean | null; plain: boolean | null }>(
    `SELECT proname::text AS name, NULL AS config, bool_or(provolatile = 'v') AS volatile, bool_and(prokind = 'f' AND NOT proretset) AS plain
       FROM pg_catalog.pg_proc WHERE proname = ANY ($1) GROUP BY proname
     UNION ALL SELECT NULL, pg_catalog.current_setting('default_text_search_config'), NULL, NULL`,
    [names],
  );
  const volatile = new Set(rows.flatMap((row) => (row.volatile === true ? (row.name ?? []) : [])));
  const plain = new Set(rows.flatMap((row) => (row.plain === true ? (row.name ?? []) : [])));
  const aliases = aliasesOf(root, facts);
  const meant = (schema: string | undefined, name: string): readonly RelationFacts[] => facts.filter((each) => each.name === name && (schema === undefined || each.schema === schema));
  const columnOf = (node: Node): readonly ColumnFacts[] => {
    if (!('ColumnRef' in node)) return [];
    const { schema: owner, name } = nameOf(node.ColumnRef.fields);
    const of = owner === undefined ? facts.map((each) => each.oid) : (aliases.get(owner) ?? []);
    return all.filter((column) => column.name === name && of.includes(column.relation));
  };
  return {
    parser,
    versionNum,
    typeOf: (node) => {
      const types = new Set(columnOf(node).map((column) => column.type.name));
      return types.size === 1 ? [...types][0] : undefined;
    },
    isNotNull: (node) => {
      const found = columnOf(node);
      return found.length > 0 && found.every((column) => column.notNull);
    },
    sureColumn: (alias, others) => all.find((column) => column.notNull && !others.includes(column.name) && (aliases.get(alias) ?? []).includes(column.relation))?.name,
    isForeign: (schema, name) => {
      const [only, ...more] = meant(schema, name);
      if (only === undefined || more.length > 0 || opened.reached.length === 0) return undefined;
      return only.server !== undefined || only.partitionServers.length > 0;
    },
    hasColumn: (alias, column) => all.some((each) => each.name === column && (aliases.get(alias) ?? []).includes(each.relation)),
    partitionsOf: (schema, name) => {
      const [only, ...more] = meant(schema, name);
      if (only === undefined || more.length > 0) return [];
      // A partition that is partitioned itself has its rows in those below it.
      const read = only.partitions.filter((partition) => scanned.size > 0 && scanned.has(nameKey(partition)));
      return (read.length > 0 ? read : only.partitions).filter((partition) => facts.some((each) => each.schema === partition.schema && each.name === partition.name && each.kind !== 'p'));
    },
    columnNames: (schema, name) => {
      const [only, ...more] = meant(schema, name);
      return only === undefined || more.length > 0 ? [] : all.filter((column) => column.relation === only.oid).map((column) => column.name);
    },
    isPlain: (node) => [...functionNames(node)].every((name) => plain.has(name)),
    isStable: (node) => ![...functionNames(node)].some((name) => volatile.has(name)),
    textSearch: rows.find((row) => row.config !== null)?.config?.replace(/^pg_catalog\./, ''),
    outside: ill.some(({ kind }) => kind === 'aggregate' || kind === 'sort' || kind === 'distinct'),
  };
}

/** The relations that each name in a statement stands for: several, where it is used again in a sub-select. */
function aliasesOf(root: unknown, facts: readonly RelationFacts[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('relname' in value && typeof value.relname === 'string') {
      const { relname } = value;
      const schema = 'schemaname' in value && typeof value.schemaname === 'string' ? value.schemaname : undefined;
      const alias = 'alias' in value && typeof value.alias === 'object' && value.alias !== null && 'aliasname' in value.alias ? String(value.alias.aliasname) : relname;
      const meant = facts.filter((each) => each.name === relname && (schema === undefined || each.schema === schema)).map((each) => each.oid);
      found.set(alias, [...(found.get(alias) ?? []), ...meant]);
      return;
    }
    Object.values(value).forEach(visit);
  };
  visit(root);
  return found;
}
