import { ident, literal } from '../../src/sql/quote.ts';
import { administer, pair, uniqueName, type Pair, type PairMajors } from '../servers/index.ts';

/** 63 bytes, the longest a name may be; 21 characters of three bytes each. */
export const longestName = '名'.repeat(21);

/** Names that break whatever is not quoted. */
export const hostileNames = ['Mixed Case', 'quo"te', "apos'trophe", 'back\\slash', 'semi;colon--', '{a,"b"}', '%s$1', 'NULL', 'select', longestName];

/** Types of the schema `shop`, to be made on the remote and, for what needs them there, on the local side. */
export const shopTypes = `
  CREATE SCHEMA shop;
  CREATE TYPE shop.status AS ENUM ('new', 'paid');
  ALTER TYPE shop.status ADD VALUE 'mid''way' BEFORE 'paid';
  CREATE DOMAIN shop.sku AS varchar(12) COLLATE "C" CHECK (VALUE <> '');
  CREATE TYPE shop.address AS (street text, zip varchar(9));
  CREATE TYPE shop.span AS RANGE (subtype = float8);
  CREATE TYPE shop."Mixed Type" AS ENUM ('x');
  CREATE COLLATION shop.german FROM "C";
`;

/** Tables of the schema `shop`: one of each sort that may stand behind a server. Needs citext in `ext`. */
function shopTables(major: number): string {
  return `
  CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    status shop.status NOT NULL DEFAULT 'new', statuses shop.status[],
    mail ext.citext, mails ext.citext[], sku shop.sku, skus shop.sku[], address shop.address, addresses shop.address[],
    span shop.span, mixed shop."Mixed Type"[], gone int,
    amount numeric(12,2) DEFAULT 0, name varchar(20), names varchar(20)[], wait interval day to second(2), at timestamp(3) with time zone,
    c_text text COLLATE "C", german text COLLATE shop.german, plain text, sysname name, code char(3), bits bit(5), one "char", place point, oids oidvector,
    doubled numeric GENERATED ALWAYS AS (1 + 1) STORED${major >= 18 ? ', tripled int GENERATED ALWAYS AS (3) VIRTUAL' : ''}
  );
  ALTER TABLE shop.orders DROP COLUMN gone;
  CREATE VIEW shop.paid AS SELECT id, amount FROM shop.orders;
  CREATE MATERIALIZED VIEW shop.totals AS SELECT 1 AS total;
  CREATE TABLE shop.events (tenant int, at date) PARTITION BY RANGE (tenant);
  CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (9);
  CREATE TABLE shop.nothing ();
  CREATE SEQUENCE shop.counter;
  CREATE INDEX orders_name ON shop.orders (name);
  ${hostileNames.map((name) => `CREATE TABLE shop.${ident(name)} (${ident(name)} text)`).join(';')};
  CREATE SCHEMA vacant`;
}

/** A remote with the schema `shop`, and a local database with the server `rem"ote` to it for PUBLIC. */
export interface Shop extends Pair {
  readonly server: string;
  /** A role of the remote that may see no table's columns' privileges but has a login. */
  readonly poorRole: string;
}

/** Makes a pair of databases with a shop behind a server. */
export async function shop(majors: Partial<PairMajors> = {}): Promise<Shop> {
  const two = await pair(majors);
  const poorRole = uniqueName('poor');
  await administer(two.remote.cluster, `CREATE ROLE ${poorRole} LOGIN PASSWORD 'poor'`);
  await two.remote.query(`CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; ${shopTypes} ${shopTables(two.remote.cluster.major)}`);
  await two.local.query('CREATE EXTENSION postgres_fdw');
  const server = 'rem"ote';
  await addServer(two, server);
  await addMapping(two, server, 'PUBLIC', two.remote.cluster);
  return {
    ...two,
    server,
    poorRole,
    async [Symbol.asyncDispose]() {
      await two[Symbol.asyncDispose]();
      await administer(two.remote.cluster, `DROP ROLE ${poorRole}`);
    },
  };
}

/** A server in the local database that leads to the remote one. */
export async function addServer({ local, serverOptions }: Pair, name: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const options = Object.entries({ ...serverOptions, ...more }).map(([key, value]) => `${key} ${literal(value)}`);
  await local.query(`CREATE SERVER ${ident(name)} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${options.join(', ')})`);
}

/** A user mapping; `role` is a name or PUBLIC, as SQL has it. */
export async function addMapping({ local }: Pair, server: string, role: string, as: { readonly user: string; readonly password: string }): Promise<void> {
  await local.query(`CREATE USER MAPPING FOR ${role} SERVER ${ident(server)} OPTIONS (user ${literal(as.user)}, password ${literal(as.password)})`);
}

/** A role of the local cluster with a password, dropped with what it owns when disposed of. */
export async function localRole({ local }: Pair): Promise<{ readonly user: string; readonly password: string; [Symbol.asyncDispose](): Promise<void> }> {
  const user = uniqueName('app');
  await administer(local.cluster, `CREATE ROLE ${user} LOGIN PASSWORD 'app'`);
  return {
    user,
    password: 'app',
    async [Symbol.asyncDispose]() {
      await local.query(`DROP OWNED BY ${user} CASCADE`);
      await administer(local.cluster, `DROP ROLE ${user}`);
    },
  };
}
