import type { SourceSpan } from '../../base/source.ts';
import type { QualifiedName } from '../../model/name.ts';
import { splitName } from '../qualified-name.ts';
import type { Placed } from '../types.ts';
import { shown } from '../words.ts';
import type { Node } from '../yaml/node.ts';
import { checkName, readText, type BuildContext } from './context.ts';

/** `renamed_from: orders`, in the same schema, or `renamed_from: old.orders`. */
export function formerName(node: Node | undefined, schema: string, context: BuildContext): Placed<QualifiedName> | undefined {
  const text = readText(node, context);
  if (text === undefined) return undefined;
  const split = splitName(text.value);
  if (split.kind === 'name' && split.schema === undefined) {
    return checkName(split.name, text.at, 'the name of a table', context) ? { value: { schema, name: split.name }, at: text.at } : undefined;
  }
  return tableName({ key: text.value, keyAt: text.at }, context);
}

/** A text that names something, and where it stands. */
interface Named {
  readonly key: string;
  readonly keyAt: SourceSpan;
}

/** The name of a table, where it is one. */
export function tableName(entry: Named, context: BuildContext): Placed<QualifiedName> | undefined {
  return qualifiedName(entry, 'table', context);
}

/** `schema.name`; what is wrong with it is a problem. */
export function qualifiedName({ key, keyAt }: Named, what: 'table' | 'type', context: BuildContext): Placed<QualifiedName> | undefined {
  const split = splitName(key);
  if (split.kind === 'problem') {
    context.problems.add(keyAt, `${shown(key)} is not a ${what}'s name: ${split.message}`, 'quote a name as in SQL: \'"a.b".c\'');
    return undefined;
  }
  const { schema, name } = split;
  if (schema === undefined) {
    context.problems.add(keyAt, `${shown(key)} names no schema`, `write schema.${what}, for example \`public.${key}\``);
    return undefined;
  }
  if (schema === '' || name === '') {
    context.problems.add(keyAt, `${shown(key)} names no ${schema === '' ? 'schema' : what}`, `write schema.${what}`);
    return undefined;
  }
  const schemaFits = checkName(schema, keyAt, 'the name of a schema', context);
  if (!checkName(name, keyAt, `the name of a ${what}`, context) || !schemaFits) return undefined;
  if (split.dotsInName) {
    context.warnings.add(keyAt, `${shown(key)} is read as the ${what} ${shown(name)} in the schema ${shown(schema)}`, `quote a name that contains a dot: '${schema}."${name}"'`);
  }
  return { value: { schema, name }, at: keyAt };
}
