import type { TestDatabase } from '../servers/index.ts';
import type { Shop } from './judging.ts';

/** Foreign tables whose faults only the remote knows, and a server that does not answer; `remote` is what `fillShop` made. */
export async function misfits({ db }: Shop, remote: TestDatabase): Promise<void> {
  await remote.query('CREATE TABLE big AS SELECT g AS id, g % 5000 AS k FROM generate_series(1, 20000) g; ANALYZE big');
  await db.query(`
    CREATE SERVER down FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'x');
    CREATE USER MAPPING FOR PUBLIC SERVER down OPTIONS (user 'x', password 'x');
    CREATE FOREIGN TABLE far (id int) SERVER down;
    CREATE FOREIGN TABLE big (id int, k int) SERVER shop OPTIONS (schema_name 'public', table_name 'big');
    CREATE FOREIGN TABLE as_text (id bigint, status text) SERVER shop OPTIONS (schema_name 'public', table_name 'orders');
    CREATE FOREIGN TABLE renamed (id bigint, gone text) SERVER shop OPTIONS (schema_name 'public', table_name 'orders');`);
}
