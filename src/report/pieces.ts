/** A text in pieces, made one after the other as they are written, so that it is never in memory as a whole. */
export type Pieces = Iterable<string>;

/** A list in JSON whose items are made when they are written. */
export class LazyList {
  readonly items: Iterable<object>;

  constructor(items: Iterable<object>) {
    this.items = items;
  }
}

/** The same text as `JSON.stringify(value, null, 2)` would give, with its lazy lists, which stand in objects, not in arrays. */
export function* jsonPieces(value: unknown, indent = ''): Generator<string> {
  const inner = `${indent}  `;
  let first = true;
  const next = (): string => {
    const separator = first ? '\n' : ',\n';
    first = false;
    return separator + inner;
  };
  if (value instanceof LazyList) {
    yield '[';
    for (const item of value.items) {
      yield next();
      yield* jsonPieces(item, inner);
    }
    yield first ? ']' : `\n${indent}]`;
  } else if (isRecord(value) && holdsLazyList(value)) {
    yield '{';
    for (const [key, each] of Object.entries(value)) {
      if (each === undefined) continue;
      yield `${next()}${JSON.stringify(key)}: `;
      yield* jsonPieces(each, inner);
    }
    yield `\n${indent}}`;
  } else yield JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}

function holdsLazyList(value: Readonly<Record<string, unknown>>): boolean {
  return Object.values(value).some((each) => each instanceof LazyList || (isRecord(each) && holdsLazyList(each)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Blocks with something between each two of them. */
export function* between(separator: string, blocks: Iterable<string>): Generator<string> {
  let first = true;
  for (const block of blocks) {
    yield first ? block : separator + block;
    first = false;
  }
}
