import { acceptsNull, type ChoiceShape, type MapShape, type ObjectShape, type Shape } from './shape.ts';
import { specShape } from './spec-shape.ts';

/** A JSON Schema (draft-07, what editors support), as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of a spec, for editors and other tools. It says what the structural check says; what only
 * fdw can know (dangling references, environment variables, lengths in bytes) is not in it.
 */
export function specJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'fdw spec',
    ...schemaOf(specShape, false),
  };
}

/** A schema without its notes. */
interface Rules extends JsonSchema {
  readonly type?: string | readonly string[];
}

function schemaOf(shape: Shape, nullable: boolean): JsonSchema {
  const { description, examples, default: byDefault } = shape;
  const notes = {
    description,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(examples === undefined ? {} : { examples }),
  };
  if (shape.kind === 'choice') return { ...notes, anyOf: alternatives(shape, nullable) };
  const rules = rulesOf(shape);
  if (!nullable) return { ...notes, ...rules };
  // What has an `enum` or a `const` cannot become null by its type alone.
  if (rules.type === undefined || 'enum' in rules || 'const' in rules) return { ...notes, anyOf: [rules, { type: 'null' }] };
  return { ...notes, ...rules, type: [rules.type, 'null'].flat() };
}

function alternatives(shape: ChoiceShape, nullable: boolean): readonly JsonSchema[] {
  const ways = [shape.scalar, shape.list, shape.map].flatMap((way) => (way === undefined ? [] : [schemaOf(way, false)]));
  return nullable || shape.nullable === true ? [...ways, { type: 'null' }] : ways;
}

function rulesOf(shape: Exclude<Shape, ChoiceShape>): Rules {
  switch (shape.kind) {
    case 'text':
      return { type: ['string', 'number', 'boolean'], ...(shape.mayBeEmpty === true ? {} : { minLength: 1 }) };
    case 'string':
      return { type: 'string', minLength: 1 };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', minimum: shape.min ?? 0, maximum: shape.max ?? Number.MAX_SAFE_INTEGER };
    case 'number':
      return { type: 'number', minimum: shape.min };
    case 'word':
      return { type: 'string', enum: shape.words };
    case 'constant':
      return { const: shape.value };
    case 'list':
      return { type: 'array', items: schemaOf(shape.of, false), ...(shape.filled === true ? { minItems: 1 } : {}) };
    case 'map':
      return mapRules(shape);
    case 'object':
      return objectRules(shape);
  }
}

function mapRules({ of, filled, keys }: MapShape): Rules {
  return {
    type: 'object',
    ...(keys === undefined ? {} : { properties: Object.fromEntries(Object.entries(keys).map(([key, shape]) => [key, schemaOf(shape, true)])) }),
    propertyNames: { minLength: 1 },
    additionalProperties: schemaOf(of, acceptsNull(of)),
    ...(filled === undefined ? {} : { minProperties: 1 }),
    ...(filled === 'one' ? { maxProperties: 1 } : {}),
  };
}

/** What an object must have, as one of several ways. */
function requiring(required: readonly string[], keys: ObjectShape['keys'], rules: JsonSchema): Rules {
  return { type: 'object', properties: Object.fromEntries(required.map((key) => [key, { ...notesOf(keys[key]), ...rules }])), required };
}

/** Some of these keys and no others. */
function onlySome(some: readonly string[], keys: ObjectShape['keys']): Rules {
  const others = Object.keys(keys).filter((key) => !some.includes(key));
  return {
    type: 'object',
    properties: Object.fromEntries(others.map((key) => [key, { ...notesOf(keys[key]), type: 'null' }])),
    anyOf: some.map((key) => requiring([key], keys, given)),
  };
}

/** null is as if absent. */
const given: JsonSchema = { not: { type: 'null' } };

function notesOf(shape: Shape | undefined): JsonSchema {
  return { description: shape?.description, examples: shape?.examples };
}

/** A key that need not be there may be null, which says the same. */
function objectRules({ keys, required = [], waivedBy, waivedFor, one }: ObjectShape): Rules {
  const waived: readonly Rules[] = [
    ...(waivedBy === undefined ? [] : [requiring([waivedBy], keys, { const: true })]),
    ...(waivedFor === undefined ? [] : [onlySome(waivedFor, keys)]),
  ];
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(keys).map(([key, of]) => [key, schemaOf(of, (!required.includes(key) || waived.length > 0) && one !== true)])),
    additionalProperties: false,
    ...(required.length === 0 ? {} : waived.length === 0 ? { required } : { anyOf: [requiring(required, keys, given), ...waived] }),
    ...(one === true ? { minProperties: 1, maxProperties: 1 } : {}),
  };
}
