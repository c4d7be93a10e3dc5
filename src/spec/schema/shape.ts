/**
 * What a spec may look like, as data: the structural check (../check.ts) and the JSON Schema
 * (json-schema.ts) are both made of it, so that they cannot come apart.
 */
export type Shape = TextShape | StringShape | BooleanShape | IntegerShape | NumberShape | WordShape | ConstantShape | ListShape | MapShape | ObjectShape | ChoiceShape;

interface ShapeBase {
  /** For the editor: one or two sentences. */
  readonly description: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
}

/** Any scalar, taken as it is written: `shop`, `5432`, `010`, `yes`. */
export interface TextShape extends ShapeBase {
  readonly kind: 'text';
  /** Whether '' will do. */
  readonly mayBeEmpty?: boolean;
}

/** A text that is neither a number nor a boolean to YAML. Never empty. */
export interface StringShape extends ShapeBase {
  readonly kind: 'string';
}

export interface BooleanShape extends ShapeBase {
  readonly kind: 'boolean';
}

/** A whole number. */
export interface IntegerShape extends ShapeBase {
  readonly kind: 'integer';
  /** 0 unless it says otherwise. */
  readonly min?: number;
  readonly max?: number;
}

/** A number with or without a fraction. */
export interface NumberShape extends ShapeBase {
  readonly kind: 'number';
  readonly min: number;
}

/** One of some words. */
export interface WordShape extends ShapeBase {
  readonly kind: 'word';
  readonly words: readonly string[];
}

/** One number. */
export interface ConstantShape extends ShapeBase {
  readonly kind: 'constant';
  readonly value: number;
}

export interface ListShape extends ShapeBase {
  readonly kind: 'list';
  readonly of: Shape;
  /** Whether it needs an element. */
  readonly filled?: boolean;
}

/** A map whose keys the user names. A null entry is an empty one, where that will do. */
export interface MapShape extends ShapeBase {
  readonly kind: 'map';
  readonly of: Shape;
  /** Whether it needs an entry; `one`: exactly one. */
  readonly filled?: 'some' | 'one';
  /** Keys that are none of the user's names, and have a meaning of their own. */
  readonly keys?: Readonly<Record<string, Shape>>;
}

/** A map whose keys are known. A null value is an absent one. */
export interface ObjectShape extends ShapeBase {
  readonly kind: 'object';
  /** With its article: `a server`. */
  readonly noun: string;
  readonly keys: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  /** A boolean key that, where it is true, makes the required ones unneeded. */
  readonly waivedBy?: string;
  /** Keys for which the required ones are not needed, where some of these and no others are given. */
  readonly waivedFor?: readonly string[];
  /** Whether it has exactly one of its keys. */
  readonly one?: boolean;
}

/** A value that may be written in several ways, told apart by what YAML makes of them. */
export interface ChoiceShape extends ShapeBase {
  readonly kind: 'choice';
  readonly scalar?: TextShape | StringShape | WordShape;
  readonly list?: ListShape;
  readonly map?: MapShape | ObjectShape;
  /** Whether null is a value of its own (an option that is dropped). */
  readonly nullable?: boolean;
}

/** Whether null will do as an entry of a map: where it has a meaning, or an empty map would do. */
export function acceptsNull(shape: Shape): boolean {
  switch (shape.kind) {
    case 'map':
      return shape.filled === undefined;
    case 'object':
      return shape.one !== true && (shape.required ?? []).length === 0;
    case 'choice':
      return shape.nullable === true || (shape.map !== undefined && acceptsNull(shape.map));
    default:
      return false;
  }
}
