import type { AttributeChange, DomainChange, LabelChange, TypeDifference } from '../model/type-change.ts';
import type { Attribute, DomainCheck, DomainType, EnumType, RangeType, UserType } from '../model/user-types.ts';
import { ident, literal, qualified } from '../sql/quote.ts';
import { type Statement, statement } from '../sql/statement.ts';

/** `CREATE TYPE`, `CREATE DOMAIN`. Types and expressions are the server's own words, never the user's. */
export function createType(type: UserType): readonly Statement[] {
  switch (type.kind) {
    case 'enum':
      return [statement(`CREATE TYPE ${qualified(type)} AS ENUM (${type.labels.map(literal).join(', ')})`)];
    case 'domain':
      return [statement(`CREATE DOMAIN ${qualified(type)} AS ${domainBody(type)}`)];
    case 'composite':
      return [statement(`CREATE TYPE ${qualified(type)} AS (${type.attributes.map((attribute) => `\n  ${attributeText(attribute)}`).join(',')}\n)`)];
    case 'range':
      return [statement(`CREATE TYPE ${qualified(type)} AS RANGE (${rangeParts(type).join(', ')})`)];
  }
}

function domainBody({ base, collation, notNull, default: fallback, checks = [] }: DomainType): string {
  return [
    base,
    ...(collation === undefined ? [] : [`COLLATE ${qualified(collation)}`]),
    ...(fallback === undefined ? [] : [`DEFAULT ${fallback}`]),
    ...(notNull ? ['NOT NULL'] : []),
    ...checks.map(checkText),
  ].join(' ');
}

function checkText({ name, expression }: DomainCheck): string {
  return `CONSTRAINT ${ident(name)} CHECK (${expression})`;
}

function attributeText({ name, type, collation }: Attribute): string {
  return `${ident(name)} ${type}${collation === undefined ? '' : ` COLLATE ${qualified(collation)}`}`;
}

function rangeParts({ subtype, opclass, collation, canonical, subdiff, multirange }: RangeType): readonly string[] {
  return [
    `SUBTYPE = ${subtype}`,
    ...(opclass === undefined ? [] : [`SUBTYPE_OPCLASS = ${qualified(opclass)}`]),
    ...(collation === undefined ? [] : [`COLLATION = ${qualified(collation)}`]),
    ...(canonical === undefined ? [] : [`CANONICAL = ${qualified(canonical)}`]),
    ...(subdiff === undefined ? [] : [`SUBTYPE_DIFF = ${qualified(subdiff)}`]),
    ...(multirange === undefined ? [] : [`MULTIRANGE_TYPE_NAME = ${qualified(multirange)}`]),
  ];
}

/** The ALTERs of one type, in order. */
export function alterType(change: TypeDifference): readonly Statement[] {
  switch (change.kind) {
    case 'enum':
      return change.changes.map((label) => statement(`ALTER TYPE ${qualified(change.after)} ${labelAction(change.after, label)}`));
    case 'domain':
      return change.changes.map((one) => statement(`ALTER DOMAIN ${qualified(change.after)} ${domainAction(one)}`));
    case 'composite':
      return alterAttributes(qualified(change.after), change.changes);
    case 'range':
      return [];
  }
}

function labelAction(type: EnumType, change: LabelChange): string {
  if (change.kind === 'rename-label') return `RENAME VALUE ${literal(change.before)} TO ${literal(change.after)}`;
  const { label, after } = change;
  const next = type.labels[type.labels.indexOf(label) + 1];
  const place = after !== undefined ? ` AFTER ${literal(after)}` : next === undefined ? '' : ` BEFORE ${literal(next)}`;
  return `ADD VALUE ${literal(label)}${place}`;
}

function domainAction(change: DomainChange): string {
  switch (change.kind) {
    case 'set-not-null':
      return `${change.notNull ? 'SET' : 'DROP'} NOT NULL`;
    case 'set-default':
      return change.after === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${change.after}`;
    case 'add-check':
      return `ADD ${checkText(change.check)}`;
    case 'drop-check':
      return `DROP CONSTRAINT ${ident(change.name)}`;
    case 'rename-check':
      return `RENAME CONSTRAINT ${ident(change.before)} TO ${ident(change.after)}`;
  }
}

/** Drops in a statement of their own, since one that is added again would clash with itself. */
function alterAttributes(name: string, changes: readonly AttributeChange[]): readonly Statement[] {
  const drops = changes.filter(({ kind }) => kind === 'drop-attribute');
  const rest = changes.filter(({ kind }) => kind !== 'drop-attribute');
  return [drops, rest]
    .filter((group) => group.length > 0)
    .map((group) => statement(`ALTER TYPE ${name}${group.map((change) => `\n  ${attributeAction(change)}`).join(',')}`));
}

function attributeAction(change: AttributeChange): string {
  switch (change.kind) {
    case 'add-attribute':
      return `ADD ATTRIBUTE ${attributeText(change.attribute)}`;
    case 'drop-attribute':
      return `DROP ATTRIBUTE ${ident(change.name)}`;
    case 'set-type': {
      const { name, type, collation } = change.after;
      return `ALTER ATTRIBUTE ${ident(name)} TYPE ${type}${collation === undefined ? '' : ` COLLATE ${qualified(collation)}`}`;
    }
  }
}
