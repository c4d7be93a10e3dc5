import fc from 'fast-check';
import { loadModule, scanSync } from 'libpg-query';
import { beforeAll, describe, expect, test } from 'vitest';
import { tokens } from '../../src/pushdown/queries/lexer.ts';
import { readQueries } from '../../src/pushdown/queries/read.ts';
import type { QueryInput } from '../../src/pushdown/types.ts';

function read(text: string): readonly QueryInput[] {
  return readQueries([{ file: 'q.sql', text }]);
}

/** `line: sql` or `line: sql !! message (line:column)`. */
function lines(text: string): readonly string[] {
  return read(text).map(({ line, sql, error }) => `${line}: ${sql}${error === undefined ? '' : ` !! ${error.message} (${error.at?.line}:${error.at?.column})`}`);
}

describe('cutting a text into statements', () => {
  const cases: readonly { readonly text: string; readonly gives: readonly string[] }[] = [
    { text: '', gives: [] },
    { text: ' ;; -- nothing\n;', gives: [] },
    { text: 'SELECT 1', gives: ['1: SELECT 1'] },
    { text: '\n\n  SELECT 1 ; SELECT\n2;', gives: ['3: SELECT 1', '3: SELECT\n2'] },
    { text: "SELECT ';', \";\", $$;$$, $a$;$$;$a$, E'\\';' -- ;\n/* ; /* ; */ ; */ + 1; SELECT 2", gives: ["1: SELECT ';', \";\", $$;$$, $a$;$$;$a$, E'\\';' -- ;\n/* ; /* ; */ ; */ + 1", '2: SELECT 2'] },
    { text: '\uFEFFSELECT 1;\r\nSELECT 2', gives: ['1: SELECT 1', '2: SELECT 2'] },
    { text: '(SELECT 1) UNION (SELECT 2); WITH x AS (SELECT 1) TABLE x; VALUES (1)', gives: ['1: (SELECT 1) UNION (SELECT 2)', '1: WITH x AS (SELECT 1) TABLE x', '1: VALUES (1)'] },
    { text: "SELECT 'abc;\nSELECT 2;", gives: ["1: SELECT 'abc; !! a quote or comment that starts here never ends (1:8)", '2: SELECT 2'] },
    { text: 'SELECT /* abc;\nSELECT 2;', gives: ['1: SELECT /* abc; !! a quote or comment that starts here never ends (1:8)', '2: SELECT 2'] },
    { text: 'SELECT (1;\nSELECT 2', gives: ['1: SELECT (1; !! a parenthesis of this statement is never closed (1:1)', '2: SELECT 2'] },
    { text: 'SELECT 1\0; SELECT 2', gives: ['1: SELECT 1\0 !! a NUL byte cannot stand in SQL (1:9)', '1: SELECT 2'] },
    { text: '\\d x\nSELECT 1 \\gx\nSELECT 2', gives: ['1: \\d x !! `\\d` is a command of psql, not SQL (1:1)', '2: SELECT 1 \\gx !! `\\gx` is a command of psql, not SQL (2:10)', '3: SELECT 2'] },
    {
      text: "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3",
      gives: ['1: CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END !! CREATE FUNCTION is not judged: only SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE and WITH have a plan of their own (1:1)', '1: SELECT 3'],
    },
    { text: "COPY t FROM stdin;\n1\tit's\n\\.\nSELECT 2", gives: ['1: COPY t FROM stdin !! COPY is not judged: only SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE and WITH have a plan of their own (1:1)', '4: SELECT 2'] },
  ];
  test.each(cases)('$text', ({ text, gives }) => {
    expect(lines(text)).toEqual(gives);
  });

  test('utility statements are refused where they stand', () => {
    for (const sql of ['DROP TABLE x', 'EXPLAIN SELECT 1', 'BEGIN', 'EXECUTE p', 'SET a = 1', 'CALL f()', 'DO $$ $$', 'DECLARE c CURSOR FOR SELECT 1', 'PREPARE p AS SELECT 1', 'CREATE TABLE x AS SELECT 1', '(DROP TABLE x)', '+']) {
      expect(read(`SELECT 1;\n  ${sql};`)[1]?.error?.at, sql).toMatchObject({ line: 2, column: 3 });
    }
  });

  test('many statements, and large ones, in time', { timeout: 30_000 }, () => {
    expect(read('SELECT 1;\n'.repeat(100_000))).toHaveLength(100_000);
    expect(read(`SELECT ${'x, '.repeat(1_000_000)}1; SELECT 2`)).toHaveLength(2);
    // Each of these unclosed quotes could swallow the rest; only so many are tried.
    expect(read(Array.from({ length: 50_000 }, (_, index) => `$a${index}$;\n`).join('')).every((query) => query.error !== undefined)).toBe(true);
    expect(read('/*;\n'.repeat(50_000)).every((query) => query.error !== undefined)).toBe(true);
  });
});

describe('annotations', () => {
  test('name and expectation', () => {
    const [query] = read('-- about it\n-- fdw: name="recent orders" expect=\'filter:remote, max_fetched_rows:10, max_round_trips:3\'\n-- more\nSELECT 1');
    expect(query).toMatchObject({ name: 'recent orders', line: 4, error: undefined, expect: { verdict: undefined, clauses: [{ kind: 'filter', runs: 'remote' }], limits: [{ name: 'max_fetched_rows', most: 10 }, { name: 'max_round_trips', most: 3 }] } });
    expect(read('SELECT 1;\nSELECT 2').map((each) => each.name)).toEqual(['q.sql:1', 'q.sql:2']);
  });

  const wrong: readonly { readonly text: string; readonly message: string; readonly hint?: string; readonly column: number }[] = [
    { text: 'nme=x', message: '`nme` is no annotation', hint: 'did you mean name?', column: 9 },
    { text: 'ignore=distinct', message: '`ignore` needs a because', hint: 'write ignore=distinct because …', column: 9 },
    { text: 'name=a name=b', message: '`name` stands twice', column: 16 },
    { text: 'name=', message: '`name` needs a value', column: 9 },
    { text: 'name', message: '`name` needs a value', column: 9 },
    { text: 'name="x', message: '`name` needs a value', column: 9 },
    { text: 'expect=ful', message: '`ful` is no expectation', hint: 'did you mean full?', column: 16 },
    { text: 'expect=filter:remote,srt:any', message: '`srt` is no kind of clause', hint: 'did you mean sort?', column: 30 },
    { text: 'expect=filter:remot', message: '`remot` is no place', hint: 'did you mean remote?', column: 16 },
    { text: 'expect=filter:remote,filter:any', message: '`filter` stands twice', column: 30 },
    { text: 'expect=max_fetched_rows:-1', message: '`-1` is no number of rows', column: 16 },
    { text: 'expect=max_fetch_ratio:1.5', message: '`1.5` is no number of rows', column: 16 },
    { text: 'expect=max_round_trips:x', message: '`x` is no number of round trips', column: 16 },
    { text: 'expect=max_fetched_rows:many', message: '`many` is no number of rows', column: 16 },
  ];
  test.each(wrong)('$text', ({ text, message, hint, column }) => {
    const { error } = read(`-- fdw: ${text}\nSELECT 1; SELECT 2`)[0] ?? {};
    expect(error?.message).toBe(message);
    expect([error?.at?.line, error?.at?.column]).toEqual([1, column]);
    if (hint !== undefined) expect(error?.hint).toBe(hint);
  });

  test.each([
    ['SELECT 1 -- fdw: expect=full\n;\nSELECT 2', ['astray 1:10', undefined]],
    ['SELECT 1 -- fdw: expect=full', ['astray 1:10']],
    ['SELECT 1\n  --fdw: name=x\nFROM t; -- fdw: name=y\nSELECT 2', ['astray 2:3', undefined]],
    ['SELECT 1;\n-- other\n-- fdw: name=x\n', [undefined, 'astray 3:1']],
    ['-- fdw: name=x\n;\nSELECT 2', ['astray 1:1', undefined]],
    ["SELECT 1 -- of fdw: nothing\n, '-- fdw: name=x'", [undefined]],
  ])('an annotation that stands above no statement is told: %j', (text, expected) => {
    expect(read(text).map(({ error }) => (error === undefined ? undefined : `${error.message.includes('stands above the statement') ? 'astray' : error.message} ${error.at?.line}:${error.at?.column}`))).toEqual(expected);
  });
});

describe('the lexer beside PostgreSQL\'s own', () => {
  beforeAll(() => loadModule());

  test('both find the same tokens where PostgreSQL can read the text', () => {
    const piece = fc.constantFrom(
      'a', 'é', '1', ' ', '\n', "'", '"', '$', '$$', '$a$', '--', '/*', '*/', ';', '(', ')', 'E', 'U&', '\\', "''", '""', '.', '_', 'x', '+', '-', '*', '/', '$1',
    );
    let compared = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const theirs = scanned(text);
        if (theirs === undefined) return;
        compared += 1;
        const semicolons = [...tokens(text)].filter((token) => token.kind === 'semicolon').map((token) => token.start);
        expect(semicolons).toEqual(theirs.semicolons);
        const quoted = [...tokens(text)].filter((token) => token.kind === 'string' || token.kind === 'quoted-name').map((token) => text.slice(token.start, token.end));
        expect(quoted).toEqual(theirs.quoted);
        expect([...tokens(text)].some((token) => token.kind === 'unclosed')).toBe(false);
      }),
      { numRuns: 4000, seed: 20261123 },
    );
    expect(compared).toBeGreaterThan(500);
  });
});

/** What libpg-query's scanner finds; undefined where it gives up. Its offsets count bytes. */
function scanned(text: string): { readonly semicolons: readonly number[]; readonly quoted: readonly string[] } | undefined {
  if (text.trim() === '') return undefined;
  try {
    const bytes = Buffer.from(text);
    const found = scanSync(text).tokens;
    const slice = (token: { readonly start: number; readonly end: number }): string => bytes.subarray(token.start, token.end).toString();
    return {
      semicolons: found.filter((token) => token.tokenName === 'ASCII_59').map((token) => bytes.subarray(0, token.start).toString().length),
      quoted: found.filter((token) => !token.tokenName.endsWith('COMMENT')).map(slice).filter((token) => token.endsWith("'") || token.endsWith('"') || (token.startsWith('$') && token.endsWith('$') && token.length > 1)),
    };
  } catch {
    return undefined;
  }
}
