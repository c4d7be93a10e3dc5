import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { databaseError } from '../../src/postgres/errors.ts';

const context = (where: string): string | undefined => databaseError({ message: 'm', where }, ['hunter2']).where;

describe('what a DatabaseError keeps', () => {
  test('the server’s fields', () => {
    expect(databaseError({ severity: 'ERROR', code: '42703', message: 'm', detail: 'd', hint: 'h', where: 'w', position: '7' })).toMatchObject({
      id: 'database-error',
      name: 'DatabaseError',
      message: 'm',
      why: 'd',
      todo: 'h',
      sqlstate: '42703',
      detail: 'd',
      hint: 'h',
      where: 'w',
      position: 7,
    });
    expect(databaseError({ message: 'm' })).toMatchObject({ sqlstate: 'XX000', position: undefined, where: undefined });
  });

  test('context without the list of parameters, in any language', () => {
    expect(context('PL/pgSQL function f() line 1\nunnamed portal with parameters: $1 = \'hunter2\'')).toBe('PL/pgSQL function f() line 1');
    expect(context('unnamed portal parameter $1 = \'hun...\'')).toBeUndefined();
    expect(context("Zeile 1\nunbenanntes Portal mit Parametern: $1 = 'two\nlines', $2 = NULL")).toBe('Zeile 1');
    expect(context('PL/pgSQL function f() line 1')).toBe('PL/pgSQL function f() line 1');
  });

  test('nothing of COPY’s rows', () => {
    expect(databaseError({ message: 'm', detail: 'Key (v)=(hunter2)', where: 'COPY t, line 1: "hunter2"' }, 'copy')).toMatchObject({
      detail: undefined,
      why: undefined,
      where: undefined,
    });
  });

  test('no value of a parameter, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!'$1'.includes(value));
        const text = `${before}${value}${after}`;
        const error = databaseError({ message: text, detail: text, hint: text, where: text }, [value]);
        for (const part of [error.message, error.detail, error.hint]) expect(part).not.toContain(value);
      }),
    );
  });
});
