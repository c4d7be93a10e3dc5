import type { OptionChange } from '../model/change.ts';
import type { Option, Options } from '../model/option.ts';
import { ident, literal } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { joined } from './build.ts';

type Part = Statement['parts'][number];

/**
 * ` OPTIONS (host 'x', …)`, with a space before it, for a CREATE; nothing for no options.
 * @param owner names the object in the psql variables of its secrets: `shop_public`
 */
export function optionsClause(options: Options, owner: string): readonly Part[] {
  if (options.length === 0) return [];
  return [' OPTIONS (', ...joined(options.map((option) => [`${ident(option.name)} `, valuePart(option, owner)]), ', '), ')'];
}

/** `OPTIONS (SET host 'x', DROP port, …)` for an ALTER. */
export function optionChangesClause(changes: readonly OptionChange[], owner: string): readonly Part[] {
  return ['OPTIONS (', ...joined(changes.map((change) => changeParts(change, owner)), ', '), ')'];
}

function changeParts(change: OptionChange, owner: string): readonly Part[] {
  switch (change.verb) {
    case 'add':
      return [`ADD ${ident(change.option.name)} `, valuePart(change.option, owner)];
    case 'set':
      return [`SET ${ident(change.option.name)} `, valuePart(change.option, owner)];
    case 'drop':
      return [`DROP ${ident(change.name)}`];
  }
}

/* OPTIONS takes string literals only: no parameters, no expressions (postgresql.org/docs/18/sql-createserver.html). */
function valuePart(option: Option, owner: string): Part {
  switch (option.value.kind) {
    case 'text':
      return literal(option.value.text);
    case 'reference':
      return { reference: option.value.reference, variable: variableName(`${owner}_${option.name}`) };
    case 'secret':
      return { reference: { source: 'literal', value: option.value.secret }, variable: variableName(`${owner}_${option.name}`) };
  }
}

/* psql: letters, digits and underscores; a name of other characters may collide, so it carries its code points. */
function variableName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]/gu, (char) => `_u${(char.codePointAt(0) ?? 0).toString(16)}_`);
}
