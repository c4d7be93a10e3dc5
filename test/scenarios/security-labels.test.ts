import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, serverKind } from '../servers/index.ts';
import { buildLabelProvider, labelProvider } from '../servers/label-provider.ts';
import { ident } from '../../src/sql/quote.ts';
import { changesOf, workplace } from './flow.ts';

describe.runIf(serverKind() === 'embedded').each(majors().map((major) => ({ major })))('security labels, major $major', ({ major }) => {
  it('come back with what is replaced: of tables, columns, identity sequences and views', async ({ skip }) => {
    const library = await buildLabelProvider(major);
    if (library === undefined) return skip('no C compiler');
    await using db = await createDatabase(cluster(major));
    const label = `SECURITY LABEL FOR ${ident(labelProvider)} ON`;
    const labels = async (): Promise<unknown> => db.query('SELECT objtype, objname, provider, label FROM pg_seclabels ORDER BY 1, 2');
    await db.query(`
      ALTER DATABASE ${ident(db.name)} SET session_preload_libraries = '${library}'; LOAD '${library}';
      CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
      CREATE FOREIGN TABLE s.t (id int GENERATED ALWAYS AS IDENTITY, "The note" text, gone int) SERVER one; CREATE VIEW s.v AS SELECT id FROM s.t;
      ${label} FOREIGN TABLE s.t IS 'it''s secret'; ${label} COLUMN s.t."The note" IS 'note'; ${label} COLUMN s.t.gone IS 'gone'; ${label} SEQUENCE s.t_id_seq IS 'counts'; ${label} VIEW s.v IS 'seen'; ${label} COLUMN s.v.id IS 'number'`);
    const before = await labels();
    await using place = await workplace(db.url);
    await place.write('version: 1\nservers: {one: {type: new}}\n');
    await place.apply({ allow: ['server-replaced', 'dependents-recreated'] });
    expect(await labels()).toEqual(before);
    await place.write('version: 1\nservers: {two: }\ntables: {s.t: {server: two, columns: {id: int generated always as identity, note: {type: text, renamed_from: The note}}}}\n');
    await place.apply({ allow: ['table-replaced', 'dependents-recreated'] });
    expect(await labels()).toEqual([
      { objtype: 'column', objname: 's.t.note', provider: labelProvider, label: 'note' }, { objtype: 'column', objname: 's.v.id', provider: labelProvider, label: 'number' },
      { objtype: 'foreign table', objname: 's.t', provider: labelProvider, label: "it's secret" }, { objtype: 'sequence', objname: 's.t_id_seq', provider: labelProvider, label: 'counts' }, { objtype: 'view', objname: 's.v', provider: labelProvider, label: 'seen' },
    ]);
    expect(changesOf(await place.plan())).toEqual([]);
  });
});
