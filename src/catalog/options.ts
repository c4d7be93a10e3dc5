import { Secret } from '../base/secret.ts';
import { compareNames, type Option, type Options } from '../model/option.ts';
import { isSecretOption, type OptionHolder } from '../model/secret-options.ts';

/** What an option array hangs on; decides which of its options are secret. */
export interface OptionOwner {
  readonly wrapper: string;
  readonly kind: OptionHolder;
}

/** Gives one text for all that are equal, or some of them. */
type Sharing = (text: string) => string;

/**
 * An option array of the catalog (`srvoptions`, `umoptions` …, a `text[]` of `name=value`) as options.
 * The first `=` splits, as in PostgreSQL's own `untransformRelOptions` (access/common/reloptions.c, 14 to 18);
 * an element without one has an empty value.
 */
export function optionsFromArray(elements: readonly string[] | null, owner: OptionOwner, one: Sharing = (text) => text): Options {
  return (elements ?? []).map((element) => optionOf(element, owner, one)).sort((a, b) => compareNames(a.name, b.name));
}

/** An option array that was read as JSON (`array_to_json`): of many that are alike, only one needs to be taken apart. */
export function optionTexts(json: string | null): readonly string[] {
  const texts: unknown = json === null ? [] : JSON.parse(json);
  return Array.isArray(texts) ? texts.map(String) : [];
}

function optionOf(element: string, owner: OptionOwner, one: Sharing): Option {
  const at = element.indexOf('=');
  const name = one(at < 0 ? element : element.slice(0, at));
  const text = at < 0 ? '' : element.slice(at + 1);
  return isSecretOption(owner.wrapper, owner.kind, name)
    ? { name, value: { kind: 'secret', secret: new Secret(text) } }
    : { name, value: { kind: 'text', text: one(text) } };
}
