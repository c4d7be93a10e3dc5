import { nameKey } from './name.ts';
import type { ForeignTable } from './objects.ts';

/** Foreign tables each after those among them that it inherits from; otherwise in their order. */
export function parentsFirst(tables: readonly ForeignTable[]): readonly ForeignTable[] {
  if (!tables.some(isHeir)) return tables;
  const byName = new Map(tables.map((table) => [nameKey(table), table]));
  const ordered = new Set<ForeignTable>();
  const visit = (table: ForeignTable): void => {
    if (ordered.has(table)) return;
    for (const parent of table.inherits ?? []) {
      const other = byName.get(nameKey(parent));
      if (other !== undefined) visit(other);
    }
    ordered.add(table);
  };
  tables.forEach(visit);
  return [...ordered];
}

/** The same the other way round, as they can be dropped. */
export function heirsFirst(tables: readonly ForeignTable[]): readonly ForeignTable[] {
  return tables.some(isHeir) ? parentsFirst(tables).toReversed() : tables;
}

function isHeir({ inherits = [] }: ForeignTable): boolean {
  return inherits.length > 0;
}
