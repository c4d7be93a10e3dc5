import type { Rule } from './rules.ts';

/**
 * What `fdw drift` may find: stable ids, each in three sentences. An id is never used for anything else. docs/drift.md has a
 * section on each.
 */
export const driftRules = {
  'relation-gone': {
    what: 'The remote has no relation of that name.',
    why: 'It was dropped, renamed or moved to another schema; a foreign table goes by the name.',
    todo: 'Point the foreign table to the new name, or drop it.',
  },
  'schema-gone': {
    what: 'The remote has a schema of the snapshot no more.',
    why: 'It was dropped or renamed there; every foreign table that leads into it fails.',
    todo: 'Correct `remote_schema` in the spec where it was renamed, run fdw plan, and take the snapshot anew.',
  },
  'relation-new': {
    what: 'The remote has a relation that the snapshot does not have.',
    why: 'It was made there since; an imported schema with `tables: all` takes it in.',
    todo: 'Run fdw plan, and take the snapshot anew.',
  },
  'key-differs': {
    what: 'A primary key or unique constraint is not as the snapshot has it.',
    why: 'Foreign tables have no keys, so nothing here breaks; who relies on unique rows should know.',
    todo: 'Take the snapshot anew.',
  },
  'default-differs': {
    what: 'A column has another default than the snapshot.',
    why: 'An import with defaults sends the local one.',
    todo: 'Run fdw plan, and take the snapshot anew.',
  },
  'version-differs': {
    what: 'The remote runs another version of PostgreSQL than when the snapshot was taken.',
    why: 'Nothing breaks by that alone; what is judged by the snapshot is judged by the old version.',
    todo: 'Take the snapshot anew.',
  },
  'extension-differs': {
    what: 'The remote has another version of an extension than the snapshot, has it no more, or has one more.',
    why: 'Its types, functions and operators come and go with it; what the server option `extensions` names is sent there unseen.',
    todo: 'Install it there again or take it out of `extensions`, and take the snapshot anew.',
  },
  'relation-kind': {
    what: 'The name leads to something that is no table or view, or no longer the same kind.',
    why: 'It was dropped, and something else took the name.',
    todo: 'Point the foreign table to what is meant.',
  },
  'column-gone': {
    what: 'The remote relation has no column of that name.',
    why: 'It was dropped or renamed there; every query that reads the column fails.',
    todo: 'Drop the column here, or point it to the new name with the option column_name.',
  },
  'column-renamed': {
    what: 'The column is gone, and one that looks just like it is new.',
    why: 'A rename leaves no trace that can be seen from here: position, type and NOT NULL are the evidence.',
    todo: 'If it is the same column, set the option column_name.',
  },
  'column-new': {
    what: 'The remote relation has a column that the foreign table lacks, after the last one that it has.',
    why: 'It was added there; no query misses it.',
    todo: 'Add it here when somebody wants it.',
  },
  'type-differs': {
    what: 'The column has another type on the remote.',
    why: 'Values are read as what the foreign table says, and conditions are sent as if it were true.',
    todo: 'Give the column the type that the remote has.',
  },
  'not-null-broken': {
    what: 'The foreign table promises NOT NULL, and the remote does not keep it.',
    why: 'The planner believes it: IS NULL is answered without looking (from 17 on), and outer joins may be turned into inner ones.',
    todo: 'Drop the NOT NULL here, or set it on the remote.',
  },
  'not-null-missing': {
    what: 'The remote has a NOT NULL that the foreign table does not promise.',
    why: 'It was added there; the planner knows less than it could.',
    todo: 'Set NOT NULL here too.',
  },
  'check-not-kept': {
    what: 'The foreign table promises a CHECK, and the remote has none on those columns.',
    why: 'Nothing here checks it, but the planner leaves out tables whose CHECK excludes a condition (constraint_exclusion).',
    todo: 'Drop the CHECK here, or add it on the remote.',
  },
  'collation-differs': {
    what: 'The column has another collation on the remote.',
    why: 'ORDER BY, <, >, min and max are answered there by its rules and here by ours; a merge join may fail.',
    todo: 'Give the column the collation that the remote has.',
  },
  'database-collation': {
    what: 'The two databases sort and compare text by different rules.',
    why: 'Columns without a collation of their own have that of their database, on either side.',
    todo: 'Give text columns on both sides the same explicit collation where they are sorted or compared by range.',
  },
  'generated-here': {
    what: 'The foreign table computes the column, and the remote does not.',
    why: 'A write sends DEFAULT for it, so the remote stores its own default.',
    todo: 'Drop the expression here.',
  },
  'generated-there': {
    what: 'The remote computes the column, and the foreign table does not know.',
    why: 'An INSERT or UPDATE that names the column is refused by the remote.',
    todo: 'Declare the column GENERATED here, or leave it out of writes.',
  },
  'enum-labels': {
    what: 'The enum has other labels on the remote.',
    why: 'A row with a label that is unknown here cannot be read at all.',
    todo: 'Add or rename the labels here.',
  },
  'enum-order': {
    what: 'The enum has its labels in another order on the remote.',
    why: 'Rows sort and compare differently on the two sides.',
    todo: 'Rebuild the local type in the order of the remote.',
  },
  'domain-differs': {
    what: 'The domain is defined otherwise on the remote.',
    why: 'Values are checked by the local definition when they arrive.',
    todo: 'Change the local domain to what the remote has.',
  },
  'composite-differs': {
    what: 'The composite type has other attributes on the remote.',
    why: 'Rows of it are read attribute by attribute, in order.',
    todo: 'Change the local type to what the remote has.',
  },
  'partition-bounds-broken': {
    what: 'Rows behind a partition do not belong there by its bounds.',
    why: 'Nothing enforces bounds on a remote. Queries that go by the partition key look elsewhere and miss the rows; those that do not find them.',
    todo: 'Move the rows to where they belong, or give the partitions the bounds by which the remotes are filled.',
  },
  'null-found': {
    what: 'Rows of the remote have NULL in a column that is NOT NULL here.',
    why: 'The planner believes it: IS NULL is answered without looking (from 17 on), and outer joins may be turned into inner ones.',
    todo: 'Drop the NOT NULL here, or mend the rows.',
  },
  'check-broken': {
    what: 'Rows of the remote break a CHECK of the foreign table.',
    why: 'Nothing here checks it, but the planner leaves out tables whose CHECK excludes a condition (constraint_exclusion).',
    todo: 'Drop the CHECK here, or mend the rows.',
  },
  'row-unreadable': {
    what: 'A row of the remote has a value that is none of the column\'s type here.',
    why: 'It is text that the type does not take: another enum label, a longer value, one that a domain forbids.',
    todo: 'Give the column or its type here what the remote has.',
  },
  'no-privilege': {
    what: 'The remote role may not read the relation.',
    why: 'It lost the privilege, or the relation was made anew without it.',
    todo: 'GRANT it on the remote.',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type DriftId = keyof typeof driftRules;
