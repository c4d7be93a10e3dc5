import type { QualifiedName } from '../model/name.ts';
import type { SecurityLabel } from '../model/security-label.ts';
import { ident, literal, qualified } from './quote.ts';

/** Takes its provider loaded, and ownership. @param noun of the relation: `FOREIGN TABLE` */
export function labelStatement(noun: string, relation: QualifiedName, { provider, label, column, sequence }: SecurityLabel): string {
  const on = sequence !== undefined ? `SEQUENCE ${qualified({ schema: relation.schema, name: sequence })}` : column !== undefined ? `COLUMN ${qualified(relation)}.${ident(column)}` : `${noun} ${qualified(relation)}`;
  return `SECURITY LABEL FOR ${ident(provider)} ON ${on} IS ${literal(label)}`;
}
