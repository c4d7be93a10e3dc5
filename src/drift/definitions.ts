import { alterType } from '../ddl/types.ts';
import { diffEnum } from '../diff/types/enum.ts';
import type { DriftFinding } from '../model/drift.ts';
import type { StandingType } from '../model/standing.ts';
import type { EnumType } from '../model/user-types.ts';
import { render, type Statement } from '../sql/statement.ts';
import { type BothTypes, compareTypes, typeName, type TypePair } from './types.ts';

/** What is found of a type, before it is known which tables have it. */
export type TypeFinding = Pick<DriftFinding, 'id' | 'class' | 'message' | 'guess' | 'mend'>;

/** What differs in the definitions of a local type and the remote one that it stands for. */
export function compareDefinitions({ local, remote }: TypePair, types: BothTypes): readonly TypeFinding[] {
  if (local.kind === 'enum') return compareEnums(local, remote);
  if (local.domain !== undefined && remote.domain !== undefined) return compareDomains(local.domain, remote.domain, types);
  return compareComposites(local, remote, types);
}

function compareEnums(local: StandingType, remote: StandingType): readonly TypeFinding[] {
  const here: EnumType = { kind: 'enum', schema: local.schema, name: local.name, labels: local.labels };
  const after: EnumType = { ...here, labels: remote.labels };
  const changes = diffEnum(after, here);
  if (changes !== undefined) {
    if (changes.length === 0) return [];
    const renamed = changes.flatMap((change) => (change.kind === 'rename-label' ? [`${quoted(change.before)} is ${quoted(change.after)} there, by its place`] : []));
    const added = changes.flatMap((change) => (change.kind === 'add-label' ? [change.label] : []));
    const message = [...renamed, ...(added.length > 0 ? [`the remote has ${list(added)} besides`] : [])].join(', ');
    const mend = alterType({ kind: 'enum', after, changes }).map(text);
    return [{ id: 'enum-labels', class: 'will-break', guess: renamed.length > 0, message: `${message}: a row with such a label cannot be read here`, mend }];
  }
  const fresh = remote.labels.filter((label) => !local.labels.includes(label));
  const gone = local.labels.filter((label) => !remote.labels.includes(label));
  const finding = (id: 'enum-labels' | 'enum-order', message: string): TypeFinding => ({ id, class: id === 'enum-order' ? 'wrong-results' : 'will-break', guess: false, message, mend: [] });
  const common = (labels: readonly string[], others: readonly string[]): string => labels.filter((label) => others.includes(label)).join('\0');
  return [
    ...(fresh.length > 0 ? [finding('enum-labels', `the remote has ${list(fresh)} besides: a row with such a label cannot be read here`)] : []),
    ...(gone.length > 0 ? [finding('enum-labels', `the remote has no ${list(gone)} any more: a write of it is refused there`)] : []),
    ...(common(local.labels, remote.labels) === common(remote.labels, local.labels) ? [] : [finding('enum-order', `the order is ${list(local.labels)} here and ${list(remote.labels)} on the remote`)]),
  ];
}

function compareDomains(local: NonNullable<StandingType['domain']>, remote: NonNullable<StandingType['domain']>, types: BothTypes): readonly TypeFinding[] {
  const finding = (of: TypeFinding['class'], message: string): TypeFinding => ({ id: 'domain-differs', class: of, message, guess: false, mend: [] });
  const { difference } = compareTypes(local.base, remote.base, types);
  return [
    ...(difference === undefined ? [] : [finding(difference.class, `it is made of ${typeName(local.base)}${modifier(local.base.typmod)} here and of ${typeName(remote.base)}${modifier(remote.base.typmod)} on the remote: ${difference.why}`)]),
    ...(local.notNull && !remote.notNull ? [finding('will-break', 'it is NOT NULL here and not on the remote: a row without a value cannot be read')] : []),
    ...(local.checks > 0 && remote.checks === 0 ? [finding('will-break', 'it has a CHECK here and none on the remote: a row that breaks it cannot be read')] : []),
  ];
}

function modifier(typmod: number): string {
  return typmod === -1 ? '' : ` (typmod ${typmod})`;
}

function compareComposites(local: StandingType, remote: StandingType, types: BothTypes): readonly TypeFinding[] {
  const finding = (of: TypeFinding['class'], message: string): TypeFinding => ({ id: 'composite-differs', class: of, message, guess: false, mend: [] });
  if (local.attributes.length !== remote.attributes.length) {
    return [finding('breaks-now', `it has ${local.attributes.length} attributes here and ${remote.attributes.length} on the remote: its values cannot be read`)];
  }
  return local.attributes.flatMap((here, index): readonly TypeFinding[] => {
    const there = remote.attributes[index];
    if (there === undefined) return [];
    const { difference } = compareTypes(here.type, there.type, types);
    if (difference !== undefined) return [finding(difference.class, `attribute ${here.name} is ${typeName(here.type)} here and ${typeName(there.type)} on the remote: ${difference.why}`)];
    return here.name === there.name ? [] : [finding('invisible', `attribute ${here.name} is called ${there.name} on the remote: values are read by place`)];
  });
}

function list(labels: readonly string[]): string {
  return labels.map(quoted).join(', ');
}

function quoted(label: string): string {
  return `'${label}'`;
}

function text(statement: Statement): string {
  return render(statement, () => '');
}
