import type { Again } from '../ddl/statements.ts';
import { grantorsOf } from '../model/acl.ts';
import { identityOf } from '../model/identity.ts';
import type { ForeignTable, Server } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';
import type { Rebuild } from '../model/rebuild.ts';
import type { SecurityLabel } from '../model/security-label.ts';
import type { Sequence } from '../model/sequence.ts';
import { aclStatements } from '../sql/acl.ts';
import { ident, qualified } from '../sql/quote.ts';
import { labelStatement } from '../sql/security-label.ts';
import { roleSpec } from '../sql/role.ts';
import { type Statement, statement } from '../sql/statement.ts';
import { aclAgain } from './acl-again.ts';
import { hashOf } from './fingerprints.ts';
import { type NotNullsAgain, notNullsAgain } from './not-nulls-again.ts';
import { foundHash, shapeOf } from './rebuilt.ts';
import type { Returning } from './returning.ts';
import { sequencesAgain } from './sequences-again.ts';
import type { Rebuilt } from './types.ts';

/** How a server or a foreign table that is replaced gets back what its model does not hold. */
export interface ComesBack {
  /** Its `identityOf`, afterwards. */
  readonly identity: string;
  readonly before: readonly Statement[];
  readonly again: Again;
  /** The roles as which something is granted. */
  readonly grantors: readonly string[];
  readonly rebuilt: Rebuilt;
}

/** What it takes for one of them. */
export function againOf(rebuild: Rebuild, { object, renamed }: Returning): ComesBack {
  const on = object.kind === 'server' ? `FOREIGN SERVER ${ident(object.name)}` : `TABLE ${qualified(object)}`;
  const acl = rebuild.acl === undefined ? undefined : aclAgain(rebuild.acl, object, renamed);
  const { sequences, before, onceMade, grants } = object.kind === 'server' ? noSequences : sequencesAgain(rebuild.sequences, rebuild, object, renamed);
  const notNulls = object.kind === 'server' ? noNotNulls : notNullsAgain(rebuild.notNulls, object, renamed);
  const labels = object.kind === 'server' ? [] : labelsAgain(rebuild, object, { renamed, sequences });
  return {
    identity: identityOf(object),
    before: before.map(statement),
    again: {
      columns: object.kind === 'server' ? new Map() : columnsOf(object, rebuild, renamed, { notNulls, sequences }),
      attach: isAttached(rebuild, object),
      onceMade: [...rebuild.favoured.map((role) => `REVOKE ALL ON ${on} FROM ${roleSpec(role)}`), ...notNulls.onceMade, ...onceMade, ...(object.kind === 'server' ? [] : labels.map((label) => labelStatement('FOREIGN TABLE', object, label)))].map(statement),
      grants: [...(acl === undefined ? [] : aclStatements(on, acl)), ...grants].map(statement),
    },
    grantors: [...(acl === undefined ? [] : grantorsOf(acl)), ...sequences.flatMap((sequence) => grantorsOf(sequence.acl))],
    rebuilt: { ...foundOf(rebuild), shape: isSameName(rebuild, object) ? hashOf(shapeOf({ ...rebuild, acl, sequences, labels })) : undefined, notNulls: isSameName(rebuild, object) ? notNulls.shape : undefined },
  };
}

/** The security labels of what is there again. */
function labelsAgain({ labels }: Rebuild, { columns }: ForeignTable, { renamed, sequences }: { readonly renamed: Returning['renamed']; readonly sequences: readonly Sequence[] }): readonly SecurityLabel[] {
  const there = new Set(columns.map(({ name }) => name));
  const back = new Set(sequences.map(({ name }) => name));
  return labels
    .map((label) => ({ ...label, column: label.column === undefined ? undefined : (renamed.get(label.column) ?? label.column) }))
    .filter(({ column, sequence }) => (column === undefined || there.has(column)) && (sequence === undefined || back.has(sequence)));
}

/** What the definitions of columns have to say otherwise. */
function columnsOf(object: ForeignTable, { storages }: Rebuild, renamed: Returning['renamed'], { notNulls, sequences }: { readonly notNulls: NotNullsAgain; readonly sequences: readonly Sequence[] }): Again['columns'] {
  const identities = new Set(sequences.map(({ column }) => column));
  const own = new Set(storages.map((column) => renamed.get(column) ?? column));
  return new Map(object.columns.map(({ name, storage }) => [name, { ...notNulls.columns.get(name), ...(identities.has(name) ? { identity: undefined } : {}), ...(own.has(name) && storage !== undefined ? { storage: { ...storage, isDefault: false } } : {}) }]));
}

/** Whether a partition that comes back as it was is attached: its columns or checks are not those that PARTITION OF would give it. */
export function isAttached({ columnObstacles }: Rebuild, object: ForeignTable | Server): boolean {
  return object.kind === 'foreign-table' && object.keepsParents === true && placeAmong(object.partitionOf) !== undefined && columnObstacles.length > 0;
}

const noNotNulls: NotNullsAgain = { columns: new Map(), onceMade: [], shape: undefined };

const noSequences = { sequences: [], before: [], onceMade: [], grants: [] };

/** What is dropped and made again, as it is now. */
export function foundOf(rebuild: Rebuild): Omit<Rebuilt, 'shape'> {
  const { kind, schema, name } = rebuild;
  return { kind, schema, name, was: foundHash(rebuild.asFound ?? rebuild) };
}

function isSameName({ schema, name }: Rebuild, object: ForeignTable | Server): boolean {
  return name === object.name && (object.kind === 'server' || object.schema === schema);
}
