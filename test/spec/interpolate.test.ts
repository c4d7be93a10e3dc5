import { describe, expect, it } from 'vitest';
import { interpolate, soleReference } from '../../src/spec/interpolate.ts';

const env = { A: 'one', EMPTY: '', BRACE: '${env:A}' };

const texts: readonly (readonly [string, string])[] = [
  ['plain', 'plain'],
  ['${env:A}', 'one'],
  ['x${env:A}y${env:A}z', 'xoneyonez'],
  ['${env:EMPTY}', ''],
  ['${env:NOPE:-two}', 'two'],
  ['${env:EMPTY:-two}', 'two'],
  ['${env:A:-two}', 'one'],
  ['${env:NOPE:-}', ''],
  ['${env:NOPE:-a:-b}', 'a:-b'],
  ['${env:NOPE:-a b\nc}', 'a b\nc'],
  ['$${env:A}', '${env:A}'],
  ['$$${env:A}', '$${env:A}'],
  ['a$${b}c', 'a${b}c'],
  ['$1 $ {x} $$ }', '$1 $ {x} $$ }'],
  ['${env:BRACE}', '${env:A}'],
];

describe('interpolation', () => {
  it.each(texts)('%j', (text, expected) => {
    expect(interpolate(text, env)).toEqual({ text: expected, problems: [] });
  });
  it.each(['${env:NOPE}', '${A}', '${}', '${env:}', '${env:1A}', '${env:A-B}', '${file:x}', '${env:A', '${env:toString}', '${env: A}'])('%j is a problem', (text) => {
    const { problems } = interpolate(`x${text}`, env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ start: 1, written: text });
  });
  it('finds all problems at once', () => {
    expect(interpolate('${env:X} ${env:Y} ${Z}', env).problems.map(({ start }) => start)).toEqual([0, 9, 18]);
  });
});

describe('a text that is one reference', () => {
  it.each([['${env:A}', 'A'], ['${env:A:-b}', undefined], ['x${env:A}', undefined], ['${env:A}${env:B}', undefined], ['$${env:A}', undefined], ['', undefined]])('%j', (text, name) => {
    expect(soleReference(text)).toBe(name);
  });
});
