import { ident, literal } from '../../sql/quote.ts';
import type { Node, Parser } from '../parser.ts';
import type { Change } from './change.ts';
import { keyOf, namings } from './resolve.ts';
import type { Named } from './resolve.ts';

/** A copied relation: its name in pg_temp, and what makes it. */
export interface Copy {
  readonly of: Named;
  readonly name: string;
  readonly sql: string;
}

/** What a changed world is made of, in order of creation, and the statement that is asked about in it. */
export interface Copies {
  readonly copies: readonly Copy[];
  readonly sql: string;
}

/** A text that names copies with what they are copies of in their place. */
export function withOriginals(text: string, originals: ReadonlyMap<string, Named>): string {
  return text.replaceAll(/pg_temp(?:_\d+)?\.(fdw_\d+)/g, (whole, name: string) => {
    const original = originals.get(name);
    return original === undefined ? whole : `${original.schema}.${original.name}`;
  });
}

/** The name of the copy of a server. */
export function copiedServer(server: string): string {
  return `fdw_whatif ${server}`.slice(0, 60);
}

/**
 * The copies that a statement needs for a change: every foreign table that differs, every view above one. Relations are
 * renamed in the tree of the statement; an alias keeps the name by which it speaks of them.
 *
 * @returns a sentence where it cannot be done
 */
export function copiesFor(parser: Parser, sql: string, named: ReadonlyMap<string, Named>, change: Change): Copies | string {
  const done = new Map<number, Copy>();
  const copies: Copy[] = [];
  let refused: string | undefined;

  const copyOf = (relation: Named): Copy | undefined => {
    const known = done.get(relation.oid);
    if (known !== undefined) return known;
    const name = `fdw_${relation.oid}`;
    const text = relation.kind === 'f' ? tableSql(relation, name, change) : relation.kind === 'v' ? viewSql(relation, name) : undefined;
    if (relation.kind === 'p') refused = `${relation.schema}.${relation.name} is partitioned, and copies of such tables are not made`;
    if (text === undefined) return undefined;
    const copy = { of: relation, name, sql: text };
    done.set(relation.oid, copy);
    copies.push(copy);
    return copy;
  };

  const viewSql = (view: Named, name: string): string | undefined => {
    const below = renamed(view.definition ?? '');
    if (below === undefined) return undefined;
    const kept = view.viewOptions.filter((each) => !each.startsWith('security_invoker') && !(change.withoutViewOptions ?? []).some((option) => each.startsWith(`${option}=`)));
    return `CREATE TEMPORARY VIEW ${ident(name)}${kept.length === 0 ? '' : ` WITH (${kept.join(', ')})`} AS ${below}`;
  };

  /** The text with copies in place of relations; undefined where there is nothing to replace. */
  const renamed = (text: string): string | undefined => {
    const root: Node | undefined = structuredClone(parser.parse(text)?.stmts?.[0]?.stmt);
    if (root === undefined) return undefined;
    let changed = change.everything === true;
    for (const naming of namings(root)) {
      const relation = named.get(keyOf({ schema: naming.schemaname, name: naming.relname }));
      const copy = relation === undefined ? undefined : copyOf(relation);
      if (copy === undefined) continue;
      changed = true;
      if (naming.alias === undefined) naming.alias = { aliasname: naming.relname };
      naming.relname = copy.name;
      naming.schemaname = 'pg_temp';
    }
    withoutSchemas(root);
    return changed ? parser.text(root) : undefined;
  };

  const text = renamed(sql);
  if (refused !== undefined) return refused;
  return text === undefined || copies.length === 0 ? 'nothing in the statement would be different' : { copies, sql: text };
}

/** `shop.orders.id` as `orders.id`: the copy has the name as its alias. */
function withoutSchemas(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('ColumnRef' in value && typeof value.ColumnRef === 'object' && value.ColumnRef !== null && 'fields' in value.ColumnRef && Array.isArray(value.ColumnRef.fields)) {
    if (value.ColumnRef.fields.length === 3) value.ColumnRef.fields.shift();
    return;
  }
  for (const each of Object.values(value)) withoutSchemas(each);
}

/** undefined: nothing about it differs. */
function tableSql(table: Named, name: string, change: Change): string | undefined {
  const own = change.tables?.get(table.oid);
  const server = own?.server ?? (table.server !== undefined && change.servers?.[table.server] !== undefined ? copiedServer(table.server) : table.server);
  if (server === undefined || (own === undefined && server === table.server && change.everything !== true)) return undefined;
  const columns = table.columns.map((column) => {
    const differs = own?.columns?.[column.name];
    const collation = differs?.collation ?? (differs?.type === undefined ? column.collation : null);
    return [
      ident(column.name),
      differs?.type ?? column.type,
      ...(column.options === null ? [] : [optionsSql(column.options)]),
      ...(collation === null ? [] : [`COLLATE ${collation}`]),
      ...(column.notNull ? ['NOT NULL'] : []),
      ...(column.generated === null || differs?.plain === true ? [] : [`GENERATED ALWAYS AS (${column.generated}) STORED`]),
    ].join(' ');
  });
  const options = { schema_name: table.schema, table_name: table.name, ...table.options, use_remote_estimate: String(change.estimates === 'remote'), ...own?.options };
  return `CREATE FOREIGN TABLE pg_temp.${ident(name)} (${columns.join(', ')}) SERVER ${ident(server)} ${optionsSql(options)}`;
}

export function optionsSql(options: Readonly<Record<string, string>>): string {
  return `OPTIONS (${Object.entries(options).map(([key, value]) => `${ident(key)} ${literal(value)}`).join(', ')})`;
}
