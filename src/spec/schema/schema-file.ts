import { specJsonSchema } from './json-schema.ts';

/** The text of `schema/fdw.schema.json`, which is generated from the shape and committed. */
export function specSchemaText(): string {
  return `${JSON.stringify(specJsonSchema(), null, 2)}\n`;
}
