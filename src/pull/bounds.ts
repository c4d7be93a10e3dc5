import { Pair, Scalar, YAMLSeq } from 'yaml';
import type { BoundValue, SpecBound } from '../spec/types.ts';
import { optionNode } from './texts.ts';

/** The keys that say which rows a partition holds. */
export function boundPairs(bound: SpecBound): readonly Pair[] {
  switch (bound.kind) {
    case 'hash':
      return [new Pair(new Scalar('modulus'), new Scalar(bound.modulus)), new Pair(new Scalar('remainder'), new Scalar(bound.remainder))];
    case 'range':
      return [new Pair(new Scalar('from'), keyValues(bound.from)), new Pair(new Scalar('to'), keyValues(bound.to))];
    case 'list':
      return [new Pair(new Scalar('values'), valueList(bound.values))];
    case 'default':
      return [new Pair(new Scalar('default'), new Scalar(true))];
  }
}

/** A key of one column goes without a list. */
function keyValues(values: readonly BoundValue[]): Scalar | YAMLSeq {
  const [value, ...more] = values;
  return value !== undefined && more.length === 0 ? valueNode(value) : valueList(values);
}

function valueList(values: readonly BoundValue[]): YAMLSeq {
  const list = new YAMLSeq();
  list.flow = true;
  list.items.push(...values.map(valueNode));
  return list;
}

/** In quotes, MINVALUE is a text. */
function valueNode(value: BoundValue): Scalar {
  if (typeof value === 'string') return new Scalar(value === 'null' ? null : value.toUpperCase());
  const node = optionNode(value.text);
  if (/^m(in|ax)value$/i.test(value.text)) node.type = Scalar.QUOTE_DOUBLE;
  return node;
}
