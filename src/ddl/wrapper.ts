import type { OptionChange } from '../model/change.ts';
import type { Wrapper, WrapperFunction } from '../model/objects.ts';
import { sameFunction } from '../model/wrapper-function.ts';
import { ident, qualified } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { sql } from './build.ts';
import { optionChangesClause, optionsClause } from './options.ts';

/** `CREATE FOREIGN DATA WRAPPER`: only a superuser may. */
export function createWrapper({ name, definition }: Wrapper): readonly Statement[] {
  const { handler, validator, options } = definition ?? {};
  const functions = functionClause('HANDLER', handler) + functionClause('VALIDATOR', validator);
  return [sql(`CREATE FOREIGN DATA WRAPPER ${ident(name)}${functions}`, optionsClause(options ?? [], name))];
}

/** One `ALTER FOREIGN DATA WRAPPER` for functions and options together; none where nothing of them changes. */
export function alterWrapper(before: Wrapper | undefined, after: Wrapper, options: readonly OptionChange[]): readonly Statement[] {
  const functions = (['handler', 'validator'] as const)
    .map((key) => {
      const wanted = after.definition?.[key];
      return sameFunction(wanted, before?.definition?.[key]) ? '' : functionClause(key.toUpperCase(), wanted);
    })
    .join('');
  if (functions === '' && options.length === 0) return [];
  const clause = options.length === 0 ? [] : [' ', ...optionChangesClause(options, after.name)];
  return [sql(`ALTER FOREIGN DATA WRAPPER ${ident(after.name)}${functions}`, clause)];
}

function functionClause(word: string, named: WrapperFunction | undefined): string {
  if (named === undefined) return '';
  return named === 'none' ? ` NO ${word}` : ` ${word} ${qualified(named)}`;
}
