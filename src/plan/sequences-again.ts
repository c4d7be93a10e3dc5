import { grantSequence, keepSequence, restoreSequence } from '../ddl/sequence.ts';
import type { ForeignTable } from '../model/objects.ts';
import type { QualifiedName } from '../model/name.ts';
import type { Sequence } from '../model/sequence.ts';
import { aclShape } from './acl-again.ts';
import { hashOf } from './fingerprints.ts';

/** The sequences that a foreign table which is replaced gets back, and how. */
export interface SequencesAgain {
  readonly sequences: readonly Sequence[];
  /** Before anything is dropped. */
  readonly before: readonly string[];
  /** After the table is there, before it gets its owner. */
  readonly onceMade: readonly string[];
  readonly grants: readonly string[];
}

/**
 * Those of the columns that are identity columns afterwards, too.
 * @param found the name of the table as it is now
 * @param renamed columns by their former names
 */
export function sequencesAgain(sequences: readonly Sequence[], found: QualifiedName, after: ForeignTable, renamed: ReadonlyMap<string, string>): SequencesAgain {
  const columns = new Map(after.columns.map((column) => [column.name, column]));
  const back = sequences.flatMap((sequence) => {
    const column = columns.get(renamed.get(sequence.column) ?? sequence.column);
    if (column?.identity === undefined) return [];
    const key = `fdw.sequence_${hashOf([found.schema, sequence.name])}`;
    const again = { ...withType(sequence, column.type), column: column.name, acl: { ...sequence.acl, ...owned(sequence, after) } };
    return [{ sequence, again, identity: column.identity, key }];
  });
  return {
    sequences: back.map(({ again }) => again),
    before: back.flatMap(({ sequence, key }) => keepSequence({ schema: found.schema, name: sequence.name }, sequence, key)),
    onceMade: back.flatMap(({ again, identity, key }) => restoreSequence(after, again, identity, key)),
    grants: back.flatMap(({ again }) => grantSequence(after, again)),
  };
}

/** As ALTER TABLE OWNER changes an ACL: what was the former owner's is the new one's (utils/adt/acl.c, aclnewowner, 14 to 18). */
function owned({ acl }: Sequence, { owner = acl.owner }: ForeignTable): Pick<Sequence['acl'], 'owner' | 'held'> {
  if (owner === acl.owner) return acl;
  const held = acl.held.filter(({ role }) => role.kind === 'public' || role.name !== owner);
  return { owner, held: held.map((each) => (each.grantor === owner ? { ...each, grantor: undefined } : each)) };
}

/* What a column's type ends at follows it, as in ALTER SEQUENCE AS. */
const ends: Readonly<Record<string, readonly [min: string, max: string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

function withType(sequence: Sequence, type: string): Sequence {
  if (type === sequence.columnType) return sequence;
  const [min, max] = ends[sequence.type] ?? [];
  const [newMin = sequence.min, newMax = sequence.max] = ends[type] ?? [];
  return { ...sequence, columnType: type, type, min: sequence.min === min ? newMin : sequence.min, max: sequence.max === max ? newMax : sequence.max };
}

/** Equal for equal sequences, wherever they are. */
export function sequenceShape({ acl, favoured: _, ...sequence }: Sequence): readonly string[] {
  return [JSON.stringify(sequence), ...aclShape(acl)];
}
