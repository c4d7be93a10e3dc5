import { nameKey } from '../../model/name.ts';
import type { RelationFacts } from '../facts/relations.ts';
import type { OpenedQuery } from '../facts/views.ts';
import type { ColumnFacts } from '../oracle/catalog.ts';
import { nameOf } from '../oracle/expression.ts';
import type { Prober } from '../oracle/prober.ts';
import type { Node, Parser } from '../parser.ts';
import type { Clause } from '../types.ts';
import { somePart } from './aggregates.ts';
import { argumentTypes } from './argument-types.ts';
import { cutsTime, midnightsTwice } from './midnights.ts';
import { cteNames, namesIn } from './names.ts';
import type { Surroundings } from './rule.ts';
import { functionNames, someKey } from './tree.ts';

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
  const inViews = [...new Set(opened.views.flatMap((view) => [...functionNames(view.statement)]))];
  const rows = await prober.read<{ name: string | null; config: string | null; volatile: boolean | null; aggregate: boolean | null; sets: boolean | null; plain: boolean | null }>(
    `SELECT proname::text AS name, NULL AS config, bool_or(provolatile = 'v') AS volatile, bool_or(prokind = 'a') AS aggregate, bool_or(proretset) AS sets, bool_and(prokind = 'f' AND NOT proretset) AS plain
       FROM pg_catalog.pg_proc WHERE proname = ANY ($1) GROUP BY proname
     UNION ALL SELECT NULL, pg_catalog.current_setting('default_text_search_config'), NULL, NULL, NULL, NULL`,
    [[...names, ...inViews]],
  );
  const namesWhere = (fits: (row: (typeof rows)[number]) => boolean): ReadonlySet<string> => new Set(rows.flatMap((row) => (fits(row) ? (row.name ?? []) : [])));
  const volatile = namesWhere((row) => row.volatile === true);
  const [plain, sets, aggregates] = [namesWhere((row) => row.plain === true), namesWhere((row) => row.sets === true), namesWhere((row) => row.aggregate === true)];
  const volatileViews = inViews.some((name) => volatile.has(name));
  const ctes = cteNames(root);
  const meant = (schema: string | undefined, name: string): readonly RelationFacts[] => (schema === undefined && ctes.has(name) ? [] : facts.filter((each) => each.name === name && (schema === undefined || each.schema === schema)));
  const { aliases, others, made } = namesIn(root, opened.views.map((view) => view.statement), meant);
  const columnOf = (node: Node): readonly ColumnFacts[] => {
    if (!('ColumnRef' in node)) return [];
    const { schema: owner, name } = nameOf(node.ColumnRef.fields);
    const of = owner === undefined ? facts.map((each) => each.oid) : (aliases.get(owner) ?? []);
    // It may be a column of a sub-select, a CTE or a view.
    if (owner === undefined ? made.has(name) : others.has(owner)) return [];
    return all.filter((column) => column.name === name && of.includes(column.relation));
  };
  const oneOf = (node: Node, text: (column: ColumnFacts) => string): string | undefined => {
    const texts = new Set(columnOf(node).map(text));
    return texts.size === 1 ? [...texts][0] : undefined;
  };
  const typeOfColumn = (node: Node): string | undefined => oneOf(node, (column) => column.type.name);
  const types = await argumentTypes(root, typeOfColumn, parser, prober);
  // The rows that an outer join adds have NULL in every column of one side; which side does not matter here.
  const extended = somePart(root, (node) => 'JoinExpr' in node && node.JoinExpr.jointype !== 'JOIN_INNER', true);
  return {
    parser,
    versionNum,
    typeOf: (node) => ('ColumnRef' in node ? typeOfColumn(node) : types.get(parser.text(node))),
    declaredOf: (node) => oneOf(node, (column) => column.declared),
    isNotNull: (node) => {
      const found = columnOf(node);
      return !extended && found.length > 0 && found.every((column) => column.notNull);
    },
    sureColumn: (alias, but) => (others.has(alias) ? undefined : all.find((column) => column.notNull && !but.includes(column.name) && (aliases.get(alias) ?? []).includes(column.relation))?.name),
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
    isStable: (node) => ![...functionNames(node)].some((name) => volatile.has(name)) && !(volatileViews && someKey(node, (key) => key === 'RangeVar')),
    givesSets: (node) => [...functionNames(node)].some((name) => sets.has(name)),
    aggregates: (node) => [...functionNames(node)].some((name) => aggregates.has(name)),
    midnightsTwice: cutsTime(root) || all.some((column) => column.type.name === 'date') ? await midnightsTwice(prober) : new Set(),
    textSearch: rows.find((row) => row.config !== null)?.config?.replace(/^pg_catalog\./, ''),
    outside: ill.some(({ kind }) => kind === 'aggregate' || kind === 'sort' || kind === 'distinct'),
  };
}

