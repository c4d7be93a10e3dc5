import type { AttributeChange, DomainChange, LabelChange, TypeDifference } from '../model/type-change.ts';
import type { Attribute } from '../model/user-types.ts';

/** What differs in a type, a line each. */
export function typeDetails(change: TypeDifference): readonly string[] {
  switch (change.kind) {
    case 'enum':
      return change.changes.map(labelDetail);
    case 'domain':
      return change.changes.map(domainDetail);
    case 'composite':
      return change.changes.map(attributeDetail);
    case 'range':
      return [];
  }
}

function labelDetail(change: LabelChange): string {
  if (change.kind === 'rename-label') return `label '${change.before}': renamed to '${change.after}'`;
  return `label '${change.label}': added ${change.after === undefined ? 'first' : `after '${change.after}'`}`;
}

function domainDetail(change: DomainChange): string {
  switch (change.kind) {
    case 'set-not-null':
      return change.notNull ? 'NOT NULL' : 'nullable';
    case 'set-default':
      return `default ${change.before ?? 'none'} -> ${change.after ?? 'none'}`;
    case 'add-check':
      return `check ${change.check.name}: added, ${change.check.expression}`;
    case 'drop-check':
      return `check ${change.name}: dropped`;
    case 'rename-check':
      return `check ${change.before}: renamed to ${change.after}`;
  }
}

function attributeDetail(change: AttributeChange): string {
  switch (change.kind) {
    case 'add-attribute':
      return `attribute ${change.attribute.name}: added, ${typeText(change.attribute)}`;
    case 'drop-attribute':
      return `attribute ${change.name}: dropped`;
    case 'set-type':
      return `attribute ${change.after.name}: ${typeText(change.before)} -> ${typeText(change.after)}`;
  }
}

function typeText({ type, collation }: Attribute): string {
  return collation === undefined ? type : `${type} collate ${collation.schema}.${collation.name}`;
}
