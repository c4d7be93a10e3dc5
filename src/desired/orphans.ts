import type { ForeignTable } from '../model/objects.ts';
import type { Options } from '../model/option.ts';
import type { Import } from './import.ts';

/** A foreign table with nothing behind it: whoever queries it gets an error. */
export interface Orphan {
  readonly table: ForeignTable;
  readonly message: string;
}

/**
 * Foreign tables of an imported schema that point to relations which the remote does not have (any more). The
 * spec does not name them, so no plan touches them; but nobody should have to find out by a failing query.
 */
export function orphansOf({ schema, remote }: Import, tables: readonly ForeignTable[]): readonly Orphan[] {
  const known = new Set(remote.names);
  return tables
    .filter((table) => table.schema === schema.name.value && table.server === schema.server.value)
    .flatMap((table) => {
      const behind = text(table.options, 'table_name') ?? table.name;
      const here = (text(table.options, 'schema_name') ?? table.schema) === remote.name;
      if (!here || known.has(behind)) return [];
      return [{ table, message: `the remote has no ${remote.name}.${behind} any more: queries on it fail. The spec does not name it, so it is left alone` }];
    });
}

function text(options: Options, name: string): string | undefined {
  const value = options.find((option) => option.name === name)?.value;
  return value?.kind === 'text' ? value.text : undefined;
}
