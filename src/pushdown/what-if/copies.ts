import { nameKey } from '../../model/name.ts';
import { ident } from '../../sql/quote.ts';
import { UnprintableNode } from '../parser.ts';
import type { Node, Parser } from '../parser.ts';
import type { Change } from './change.ts';
import { keyOf, namings } from './resolve.ts';
import type { Named } from './resolve.ts';
import { attachSql, differs, tableSql } from './table-copies.ts';

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

/** So many tables at most are made for one question: each takes time, and a lock until the rollback. */
const mostCopies = 500;

function nameOfCopy({ oid }: Named): string {
  return `fdw_${oid}`;
}

/**
 * The copies that a statement needs for a change: every foreign table that differs, every partitioned table and view above one. Relations are
 * renamed in the tree of the statement; an alias keeps the name by which it speaks of them.
 *
 * @returns a sentence where it cannot be done
 */
export function copiesFor(parser: Parser, sql: string, named: ReadonlyMap<string, Named>, change: Change): Copies | string {
  try {
    return makeCopies(parser, sql, named, change);
  } catch (error) {
    // Or nested deeper than the stack goes.
    if (error instanceof UnprintableNode || error instanceof RangeError) return 'something in the statement cannot be written again with the names of copies';
    throw error;
  }
}

function makeCopies(parser: Parser, sql: string, named: ReadonlyMap<string, Named>, change: Change): Copies | string {
  const done = new Map<number, Copy>();
  const copies: Copy[] = [];
  let refused: string | undefined;

  const copyOf = (relation: Named): Copy | undefined => {
    const known = done.get(relation.oid);
    if (known !== undefined) return known;
    if (relation.kind === 'v') {
      const text = viewSql(relation, nameOfCopy(relation));
      return text === undefined ? undefined : added(relation, text);
    }
    return differs(relation, change) ? tableCopy(relation) : undefined;
  };

  /** A table with all its partitions, whether or not each of them differs. */
  const tableCopy = (table: Named): Copy => {
    const known = done.get(table.oid);
    if (known !== undefined) return known;
    const partitions = table.partitions.map(({ of, bound }) => ({ name: tableCopy(of).name, bound }));
    if (copies.length > mostCopies) refused = `${table.schema}.${table.name} has more partitions than the ${mostCopies} of which copies are made`;
    const name = nameOfCopy(table);
    return added(table, [tableSql(table, name, change), ...partitions.map((each) => attachSql(name, each))].join('; '));
  };

  const added = (of: Named, text: string): Copy => {
    const copy = { of, name: nameOfCopy(of), sql: text };
    done.set(of.oid, copy);
    copies.push(copy);
    return copy;
  };

  const viewSql = (view: Named, name: string): string | undefined => {
    const other = change.views?.get(nameKey(view));
    const below = renamed(view.definition ?? '', other !== undefined);
    if (below === undefined) return undefined;
    const left = [...(change.withoutViewOptions ?? []), ...(change.views === undefined ? ['security_invoker'] : [])];
    const kept = view.viewOptions.filter((each) => !left.some((option) => each.startsWith(`${option}=`)));
    const options = kept.length === 0 ? '' : ` WITH (${kept.join(', ')})`;
    const made = `CREATE TEMPORARY VIEW ${ident(name)}${options} AS ${below}`;
    if (change.views === undefined) return made;
    // That it may replace what is there is tried, too.
    const replaced = other === undefined ? [] : [`CREATE OR REPLACE TEMPORARY VIEW ${ident(name)}${options} AS ${renamed(other, true) ?? other}`];
    return [made, ...replaced, ...(view.foreignOwner === undefined ? [] : [`ALTER VIEW pg_temp.${ident(name)} OWNER TO ${ident(view.foreignOwner)}`])].join('; ');
  };

  /** The text with copies in place of relations; undefined where there is nothing to replace, and it is not wanted anyway. */
  const renamed = (text: string, always: boolean): string | undefined => {
    const root: Node | undefined = structuredClone(parser.parse(text)?.stmts?.[0]?.stmt);
    if (root === undefined) return undefined;
    let changed = always || change.everything === true;
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

  const text = renamed(sql, false);
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
