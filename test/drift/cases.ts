/** A foreign table, what stands behind it, and what drift finds: `class id subject` each. */
export interface DriftCase {
  readonly rule: string;
  /** Statements for the remote; `@` is the table's name. */
  readonly remote: string;
  /** The columns of the foreign table `here.@`, and what may stand behind them. */
  readonly local: string;
  readonly found: readonly string[];
  /** Majors of the remote. */
  readonly from?: number;
  /** The SQL of the mends, `@` for the table's name; not given: not asserted. */
  readonly mend?: readonly string[];
  /** To be part of a message. */
  readonly says?: string;
  /** Statements for the local side after the table was made. */
  readonly after?: string;
}

/** What the local side needs before the tables. */
export const localTypes = `
  CREATE TYPE here.mood AS ENUM ('good', 'bad');
  CREATE TYPE here.size AS ENUM ('s', 'm', 'l');
  CREATE TYPE here.color AS ENUM ('red', 'grey', 'blue');
  CREATE TYPE here.level AS ENUM ('low', 'high');
  CREATE DOMAIN here.quantity AS int CHECK (value > 0);
  CREATE DOMAIN here.code AS varchar(12);
  CREATE TYPE here.address AS (street text, zip text);
  CREATE TYPE here.point3 AS (x int, y int);`;

/** The same on the remote, gone its own ways. */
export const remoteTypes = `
  CREATE TYPE mood AS ENUM ('good', 'fair', 'bad');
  CREATE TYPE size AS ENUM ('l', 'm', 's');
  CREATE TYPE color AS ENUM ('red', 'gray', 'blue');
  CREATE TYPE level AS ENUM ('low', 'high');
  CREATE DOMAIN quantity AS int;
  CREATE DOMAIN code AS varchar(20);
  CREATE TYPE address AS (street text, zip text, town text);
  CREATE TYPE point3 AS (x int, y int);`;

export const cases: readonly DriftCase[] = [
  // Relations
  { rule: 'as here', remote: 'CREATE TABLE @ (id bigint NOT NULL, note text)', local: '(id bigint NOT NULL, note text)', found: [] },
  { rule: 'gone', remote: 'SELECT', local: '(id bigint, unlike_any_other text)', found: ['breaks-now relation-gone'], mend: [] },
  {
    rule: 'renamed', remote: 'CREATE TABLE "@ now" (id bigint, only_of_renamed text)', local: '(id bigint, only_of_renamed text)', found: ['breaks-now relation-gone'],
    mend: ["ALTER FOREIGN TABLE here.@\n  OPTIONS (SET table_name '@ now')"], says: 'maybe renamed to public."@ now"',
  },
  {
    rule: 'moved', remote: 'CREATE SCHEMA "@s"; CREATE TABLE "@s".@ (id bigint, only_of_moved text)', local: '(id bigint, only_of_moved text)', found: ['breaks-now relation-gone'],
    mend: [`ALTER FOREIGN TABLE here.@\n  OPTIONS (SET schema_name '@s')`], says: 'maybe renamed to @s.@',
  },
  { rule: 'two that it could be', remote: 'CREATE TABLE "@ a" (only_of_two text); CREATE TABLE "@ b" (only_of_two text)', local: '(only_of_two text)', found: ['breaks-now relation-gone'], mend: [] },
  { rule: 'a sequence took the name', remote: 'CREATE SEQUENCE @', local: '(id bigint)', found: ['breaks-now relation-kind'], says: 'a sequence' },
  { rule: 'a view will do', remote: 'CREATE VIEW @ AS SELECT 1 AS id', local: '(id int NOT NULL)', found: [] },
  { rule: 'so will a materialized view', remote: 'CREATE MATERIALIZED VIEW @ AS SELECT 1 AS id', local: '(id int)', found: [] },
  // Columns
  { rule: 'a column gone', remote: 'CREATE TABLE @ (id bigint)', local: '(id bigint, note text)', found: ['breaks-now column-gone note'], mend: ['ALTER FOREIGN TABLE here.@\n  DROP COLUMN note'] },
  {
    rule: 'a column renamed', remote: 'CREATE TABLE @ (id bigint, name text, at date); ALTER TABLE @ RENAME name TO full_name', local: '(id bigint, name text, at date)',
    found: ['breaks-now column-renamed name'], mend: [`ALTER FOREIGN TABLE here.@\n  ALTER COLUMN name OPTIONS (ADD column_name 'full_name')`], says: 'maybe renamed to full_name',
  },
  {
    rule: 'renamed once more', remote: 'CREATE TABLE @ (id bigint, "full name" text)', local: "(id bigint, name text OPTIONS (column_name 'full_name'))",
    found: ['breaks-now column-renamed name'], mend: [`ALTER FOREIGN TABLE here.@\n  ALTER COLUMN name OPTIONS (SET column_name 'full name')`],
  },
  { rule: 'another type is no rename', remote: 'CREATE TABLE @ (id bigint, full_name int, at date)', local: '(id bigint, name text, at date)', found: ['breaks-now column-gone name'] },
  { rule: 'two that it could be', remote: 'CREATE TABLE @ (id bigint, a text, b text, at date)', local: '(id bigint, name text, at date)', found: ['breaks-now column-gone name'] },
  {
    rule: 'dropped here, added at the end', remote: 'CREATE TABLE @ (id bigint, gone text, at date); ALTER TABLE @ DROP gone; ALTER TABLE @ ADD fresh text', local: '(id bigint, gone text, at date)',
    found: ['breaks-now column-gone gone', 'invisible column-new fresh'],
  },
  {
    rule: 'a column new', remote: 'CREATE TABLE @ (id bigint, note varchar(20) NOT NULL)', local: '(id bigint)', found: ['invisible column-new note'],
    mend: [`ALTER FOREIGN TABLE here.@\n  ADD COLUMN note character varying(20) OPTIONS (column_name 'note') NOT NULL`],
  },
  { rule: 'columns that were left out', remote: 'CREATE TABLE @ (a int, b int, c int)', local: '(a int, c int)', found: [] },
  { rule: 'by column_name', remote: 'CREATE TABLE @ (a int)', local: "(mine int OPTIONS (column_name 'a'))", found: [] },
  // Types
  { rule: 'a moment without its zone', remote: 'CREATE TABLE @ (at timestamptz)', local: '(at timestamp)', found: ['wrong-results type-differs at'], mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN at TYPE timestamp with time zone'] },
  { rule: 'a day of a moment', remote: 'CREATE TABLE @ (at timestamptz)', local: '(at date)', found: ['wrong-results type-differs at'] },
  { rule: 'rounded', remote: 'CREATE TABLE @ (total numeric(14,4))', local: '(total numeric(12,2))', found: ['wrong-results type-differs total'] },
  { rule: 'too large', remote: 'CREATE TABLE @ (total numeric(14,2))', local: '(total numeric(12,2))', found: ['will-break type-differs total'], says: 'numeric(14,2)' },
  { rule: 'small enough', remote: 'CREATE TABLE @ (total numeric(10,2))', local: '(total numeric(12,2))', found: ['invisible type-differs total'] },
  { rule: 'too long', remote: 'CREATE TABLE @ (note varchar(30))', local: '(note varchar(20))', found: ['will-break type-differs note'] },
  { rule: 'long enough', remote: 'CREATE TABLE @ (note varchar(10))', local: '(note text)', found: ['invisible type-differs note'] },
  { rule: 'a larger integer', remote: 'CREATE TABLE @ (id bigint)', local: '(id int)', found: ['will-break type-differs id'] },
  { rule: 'a smaller integer', remote: 'CREATE TABLE @ (id int)', local: '(id bigint)', found: ['invisible type-differs id'] },
  { rule: 'a number as text', remote: 'CREATE TABLE @ (id int)', local: '(id text)', found: ['wrong-results type-differs id'] },
  { rule: 'text as a number', remote: 'CREATE TABLE @ (id text)', local: '(id int)', found: ['breaks-now type-differs id'] },
  { rule: 'an array', remote: 'CREATE TABLE @ (id int[])', local: '(id int)', found: ['breaks-now type-differs id'] },
  { rule: 'fewer fractions', remote: 'CREATE TABLE @ (at timestamptz)', local: '(at timestamptz(3))', found: ['wrong-results type-differs at'] },
  { rule: 'an enum as text', remote: 'CREATE TABLE @ (l level)', local: '(l text)', found: ['wrong-results type-differs l'] },
  // NOT NULL, CHECK
  { rule: 'NOT NULL that is not kept', remote: 'CREATE TABLE @ (id bigint)', local: '(id bigint NOT NULL)', found: ['wrong-results not-null-broken id'], mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN id DROP NOT NULL'] },
  { rule: 'NOT NULL that is not checked', remote: 'CREATE TABLE @ (id bigint); ALTER TABLE @ ADD CONSTRAINT "@_n" NOT NULL id NOT VALID', local: '(id bigint NOT NULL)', found: ['wrong-results not-null-broken id'], from: 18 },
  { rule: 'NOT NULL that is not known', remote: 'CREATE TABLE @ (id bigint NOT NULL)', local: '(id bigint)', found: ['invisible not-null-missing id'], mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN id SET NOT NULL'] },
  { rule: 'a CHECK of its own', remote: 'CREATE TABLE @ (n int)', local: '(n int, CONSTRAINT positive CHECK (n > 0))', found: ['wrong-results check-not-kept positive'], mend: ['ALTER FOREIGN TABLE here.@\n  DROP CONSTRAINT positive'] },
  { rule: 'a CHECK on both sides', remote: 'CREATE TABLE @ (m int, n int CHECK (n > 0))', local: '(n int, m int, CONSTRAINT positive CHECK (n > 0))', found: [] },
  { rule: 'a CHECK that is not validated', remote: 'CREATE TABLE @ (n int); ALTER TABLE @ ADD CHECK (n > 0) NOT VALID', local: '(n int CHECK (n > 0))', found: ['wrong-results check-not-kept @_n_check'] },
  // Collations
  { rule: 'C is C', remote: 'CREATE TABLE @ (t text COLLATE "C")', local: '(t text)', found: [] },
  {
    rule: 'another collation', remote: 'CREATE TABLE @ (t text COLLATE "en-x-icu")', local: '(t text)', found: ['wrong-results collation-differs t'],
    mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN t TYPE text COLLATE pg_catalog."en-x-icu"'],
  },
  { rule: 'a collation only here', remote: 'CREATE TABLE @ (t text)', local: '(t text COLLATE "en-x-icu")', found: ['wrong-results collation-differs t'], mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN t TYPE text'] },
  // Generated
  { rule: 'computed here', remote: 'CREATE TABLE @ (a int, b int)', local: '(a int, b int GENERATED ALWAYS AS (a + 1) STORED)', found: ['wrong-results generated-here b'], mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN b DROP EXPRESSION'] },
  { rule: 'computed there', remote: 'CREATE TABLE @ (a int, b int GENERATED ALWAYS AS (a + 1) STORED)', local: '(a int, b int)', found: ['will-break generated-there b'] },
  { rule: 'computed on both sides', remote: 'CREATE TABLE @ (a int, b int GENERATED ALWAYS AS (a + 1) STORED)', local: '(a int, b int GENERATED ALWAYS AS (a + 1) STORED)', found: [] },
  // Types of its own
  { rule: 'an enum with a label more', remote: 'CREATE TABLE @ (m mood)', local: '(m here.mood)', found: ['will-break enum-labels here.mood'], mend: ["ALTER TYPE here.mood ADD VALUE 'fair' AFTER 'good'"] },
  { rule: 'an enum in another order, in an array too', remote: 'CREATE TABLE @ (s size, more size[])', local: '(s here.size, more here.size[])', found: ['wrong-results enum-order here.size'] },
  { rule: 'a label renamed', remote: 'CREATE TABLE @ (c color)', local: '(c here.color)', found: ['will-break enum-labels here.color'], mend: ["ALTER TYPE here.color RENAME VALUE 'grey' TO 'gray'"] },
  { rule: 'an enum as here', remote: 'CREATE TABLE @ (l level, ls level[])', local: '(l here.level, ls here.level[])', found: [] },
  { rule: 'a domain that checks', remote: 'CREATE TABLE @ (q quantity)', local: '(q here.quantity)', found: ['will-break domain-differs here.quantity'] },
  { rule: 'a domain of something longer', remote: 'CREATE TABLE @ (c code)', local: '(c here.code)', found: ['will-break domain-differs here.code'] },
  { rule: 'what a domain is made of', remote: 'CREATE TABLE @ (q quantity, c code)', local: '(q int, c varchar(20))', found: [] },
  { rule: 'too short for the domain', remote: 'CREATE TABLE @ (c code)', local: '(c varchar(5))', found: ['will-break type-differs c'] },
  { rule: 'a composite with more', remote: 'CREATE TABLE @ (a address)', local: '(a here.address)', found: ['breaks-now composite-differs here.address'] },
  { rule: 'a composite as here', remote: 'CREATE TABLE @ (p point3)', local: '(p here.point3)', found: [] },
  { rule: 'a type of an extension', remote: 'CREATE TABLE @ (mail citext, mails citext[])', local: '(mail citext, mails citext[])', found: [] },
  { rule: 'an extension type as text', remote: 'CREATE TABLE @ (mail citext)', local: '(mail text)', found: ['wrong-results type-differs mail'], mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN mail TYPE public.citext'] },
  // Names
  { rule: 'quoted names', remote: 'CREATE TABLE @ ("Größe ""x" bigint NOT NULL)', local: '("Größe ""x" bigint)', found: ['invisible not-null-missing Größe "x'], mend: ['ALTER FOREIGN TABLE here.@\n  ALTER COLUMN "Größe ""x" SET NOT NULL'] },
  // Privileges
  { rule: 'no privilege', remote: 'CREATE TABLE @ (id int); REVOKE ALL ON @ FROM CURRENT_USER, PUBLIC, %reader', local: '(id int)', found: ['breaks-now no-privilege'] },
  { rule: 'on one column of two', remote: 'CREATE TABLE @ (id int, secret int); REVOKE ALL ON @ FROM %reader; GRANT SELECT (id) ON @ TO %reader', local: '(id int, secret int)', found: ['breaks-now no-privilege'] },
  { rule: 'on the one column that is wanted', remote: 'CREATE TABLE @ (id int, secret int); REVOKE ALL ON @ FROM %reader; GRANT SELECT (id) ON @ TO %reader', local: "(mine int OPTIONS (column_name 'id'))", found: ['invisible column-new secret'] },
  { rule: 'of a materialized view', remote: 'CREATE MATERIALIZED VIEW @ AS SELECT 1 AS id; REVOKE ALL ON @ FROM %reader', local: '(id int)', found: ['breaks-now no-privilege'] },
];
