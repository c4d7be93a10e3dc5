import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConninfo, quoteConninfoValue } from '../../../src/postgres/connection/parse-conninfo.ts';
import { keywords } from '../../../src/postgres/connection/keywords.ts';
import { caught } from './caught.ts';

const parsed = (text: string): Record<string, string> =>
  Object.fromEntries([...parseConninfo(text, '--database')].map(([name, { value }]) => [name, value]));

describe('key=value pairs', () => {
  test.each<readonly [string, Record<string, string>]>([
    ['host=localhost port=5432', { host: 'localhost', port: '5432' }],
    ['  host = localhost\n\tport=5432  ', { host: 'localhost', port: '5432' }],
    [`dbname='my db' user=''`, { dbname: 'my db', user: '' }],
    [String.raw`password='it\'s \\ me'`, { password: String.raw`it's \ me` }],
    [String.raw`password=it\'s\ me`, { password: "it's me" }],
    [String.raw`password=trailing\ `.trimEnd(), { password: 'trailing' }],
    [`password=a'b'c`, { password: `a'b'c` }],
    [`user=a user=b`, { user: 'b' }],
    [`user= host=h`, { user: 'host=h' }],
    [`user='' host=h`, { user: '', host: 'h' }],
    [`options='-c geqo=off'`, { options: '-c geqo=off' }],
    [`password='a'host=h`, { password: 'a', host: 'h' }],
    [`user=`, { user: '' }],
    ['', {}],
  ])('%s', (text, settings) => {
    expect(parsed(text)).toEqual(settings);
  });

  test.each([
    ['host=h hunter2', 'A parameter in --database has no "=" after its name.'],
    [`password='hunter2`, 'A quoted value in --database has no closing quote.'],
    [`password=a hunter2 =b`, 'Unknown connection parameter in --database.'],
    ['usr=me', 'Did you mean "user"?'],
    ['database=d', 'Did you mean "dbname"?'],
    ['Host=h', 'Did you mean "host"?'],
    ['=x', 'Unknown connection parameter in --database.'],
  ])('%s is refused', (text, message) => {
    const error = caught(() => parsed(text));
    expect([error.message, error.todo].join(' ')).toContain(message);
    expect(JSON.stringify([error.message, error.why, error.todo])).not.toContain('hunter2');
  });

  test('what is quoted is read back unchanged', () => {
    const names = keywords.map(({ name }) => name);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'grapheme' }), { maxKeys: 3 }), (settings) => {
        const text = Object.entries(settings)
          .map(([name, value]) => `${name}=${quoteConninfoValue(value)}`)
          .join(' ');
        expect(parsed(text)).toEqual({ ...settings });
      }),
    );
  });

  test('any text gives settings or a UserError', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("host=pasword'\\ \n%:/@[]?&,1é")) }), (text) => {
        try {
          parseConninfo(text, 'x');
        } catch (error) {
          expect(error).toHaveProperty('id', 'connection-invalid');
        }
      }),
    );
  });
});
