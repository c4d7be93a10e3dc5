import type { Column } from '../model/column.ts';
import type { ForeignTable } from '../model/objects.ts';
import { compareNames, type Options } from '../model/option.ts';
import type { RelationSelection } from '../model/remote-relation.ts';
import type { SpecImportedSchema } from '../spec/types.ts';

/** Foreign tables of a local schema that name tables of one remote schema, each under its own name. */
export interface ImportCandidate {
  readonly schema: string;
  readonly server: string;
  readonly remoteSchema: string;
  readonly tables: readonly ForeignTable[];
  /** How many foreign tables of this server the local schema has. */
  readonly among: number;
}

/** Where IMPORT FOREIGN SCHEMA may have been at work: of each local schema the server and remote schema that most of its tables name. */
export function importCandidates(tables: readonly ForeignTable[]): readonly ImportCandidate[] {
  const found = new Map<string, ForeignTable[]>();
  const all = new Map<string, number>();
  for (const table of tables) {
    all.set(`${table.schema}\0${table.server}`, (all.get(`${table.schema}\0${table.server}`) ?? 0) + 1);
    const remote = textOf(table.options, 'schema_name');
    if (remote === undefined || textOf(table.options, 'table_name') !== table.name) continue;
    const key = [table.schema, table.server, remote].join('\0');
    const group = found.get(key);
    if (group === undefined) found.set(key, [table]);
    else group.push(table);
  }
  const best = new Map<string, ImportCandidate>();
  for (const [key, group] of found) {
    const [schema = '', server = '', remoteSchema = ''] = key.split('\0');
    const candidate = { schema, server, remoteSchema, tables: group, among: all.get(`${schema}\0${server}`) ?? 0 };
    if (group.length > (best.get(schema)?.tables.length ?? 0)) best.set(schema, candidate);
  }
  return [...best.values()];
}

function textOf(options: Options, name: string): string | undefined {
  const value = options.find((option) => option.name === name)?.value;
  return value?.kind === 'text' ? value.text : undefined;
}

/**
 * The options of IMPORT FOREIGN SCHEMA that leave the fewest differences; PostgreSQL's own where they make none.
 * @param pairs columns as they are, each with what an import with every option gives
 */
export function likelyOptions(pairs: readonly (readonly [actual: Column, imported: Column])[]): SpecImportedSchema['import'] {
  const choose = (own: boolean, has: (column: Column) => boolean): boolean => {
    const told = pairs.filter(([, imported]) => has(imported));
    const taken = told.filter(([actual]) => has(actual)).length;
    return taken * 2 === told.length ? own : taken * 2 > told.length;
  };
  return {
    collate: choose(true, ({ collation }) => collation !== undefined),
    default: choose(false, (column) => column.default !== undefined),
    generated: choose(true, ({ generated }) => generated !== undefined),
    notNull: choose(true, ({ notNull }) => notNull),
  };
}

/** `all`, or what is shorter to write: those that are taken, or those that are not. */
export function selectionOf(taken: readonly string[], available: readonly string[]): RelationSelection {
  const names = new Set(taken);
  const others = available.filter((name) => !names.has(name));
  const onlyThose = taken.length + others.length === available.length;
  if (onlyThose && others.length === 0) return { kind: 'all' };
  return onlyThose && others.length < taken.length ? { kind: 'except', names: others.sort(compareNames) } : { kind: 'listed', names: [...taken].sort(compareNames) };
}

/** Whether overrides can make the table of what an import gives: they add and change, and take nothing away. */
export function canBeLaidOver(actual: ForeignTable, imported: ForeignTable): boolean {
  const columns = new Map(imported.columns.map((column) => [column.name, column]));
  return (
    holdsAll(actual.options, imported.options) &&
    actual.columns.length === columns.size &&
    actual.columns.every((column) => {
      const given = columns.get(column.name);
      return given !== undefined && columnCanBe(column, given);
    })
  );
}

function columnCanBe(actual: Column, given: Column): boolean {
  const computes = (column: Column): boolean => [column.default, column.generated, column.identity].some((part) => part !== undefined);
  const keepsCollation = given.collation === undefined || actual.collation !== undefined || actual.type !== given.type;
  return holdsAll(actual.options, given.options) && keepsCollation && (computes(actual) || !computes(given));
}

function holdsAll(options: Options, wanted: Options): boolean {
  const names = new Set(options.map(({ name }) => name));
  return wanted.every(({ name }) => names.has(name));
}
