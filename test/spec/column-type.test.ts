import { describe, expect, it } from 'vitest';
import { parseColumnType } from '../../src/spec/column-type.ts';

const types: readonly (readonly [string, string, boolean])[] = [
  ['bigint', 'bigint', false],
  ['bigint not null', 'bigint', true],
  ['bigint NOT NULL', 'bigint', true],
  ['bigint\n  not   null ', 'bigint', true],
  ['bigint null', 'bigint', false],
  ['double precision null', 'double precision', false],
  ['timestamp(3) with time zone', 'timestamp(3) with time zone', false],
  ['timestamp (3) without time zone not null', 'timestamp (3) without time zone', true],
  ['interval day to second(2) not null', 'interval day to second(2)', true],
  ['numeric(12, 2) not null', 'numeric(12, 2)', true],
  ['"my type" not null', '"my type"', true],
  ['"not null"', '"not null"', false],
  ['"not null" not null', '"not null"', true],
  ['"a""b" not null', '"a""b"', true],
  ['shop."Order Status"[] not null', 'shop."Order Status"[]', true],
  ['text[] not null', 'text[]', true],
  ['geometry(Point,4326) not null', 'geometry(Point,4326)', true],
  ['double precision not null', 'double precision', true],
  ['character varying(20)not null', 'character varying(20)', true],
  ['mynot null', 'mynot', false],
  ['x(null)', 'x(null)', false],
  ['"default"', '"default"', false],
  ['default_type not null', 'default_type', true],
];

const problems: readonly (readonly [string, string])[] = [
  ['not null', 'the type is missing'],
  ['null', 'the type is missing'],
  ['bigint default 3', '`default` is not part of a type'],
  ['bigint not null default 3', '`default` is not part of a type'],
  ['text collate "C" not null', '`collate` is not part of a type'],
  ['bigint primary key', '`primary` is not part of a type'],
  ['numeric(1', 'quotes or parentheses of this type do not match'],
  ['numeric)1(', 'quotes or parentheses of this type do not match'],
  ['"open', 'quotes or parentheses of this type do not match'],
];

describe('the short form of a column', () => {
  it.each(types)('%s', (text, type, notNull) => {
    expect(parseColumnType(text)).toEqual({ type, notNull, problem: undefined });
  });
  it.each(problems)('%s is refused', (text, message) => {
    expect(parseColumnType(text).problem?.message).toBe(message);
  });
});
