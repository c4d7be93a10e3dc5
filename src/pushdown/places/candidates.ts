import type { ClauseKind } from '../../spec/types.ts';
import type { Node } from '../parser.ts';
import { featuresOf, joined } from './features.ts';
import type { Features } from './features.ts';
import { andParts, asNode, firstLocation, isJson, lastLocation, list } from './tree.ts';
import type { Json } from './tree.ts';

/** Something in a text that a place can start or end with. Locations are bytes, as libpg-query has them. */
export type Spot =
  | { readonly at: 'expression'; readonly node: Node }
  /** A name, with its schema. */
  | { readonly at: 'name'; readonly location: number }
  /** The last of these words before a location (or the first after one), with the words of `more` behind it. */
  | {
      readonly at: 'word';
      readonly words: readonly string[];
      readonly more?: readonly string[];
      /** Up to the parenthesis that closes after it. */
      readonly closes?: boolean;
      readonly before?: number | undefined;
      readonly after?: number | undefined;
    };

/** A part of a statement that a clause of its plan may stand for. */
export interface Candidate {
  readonly kinds: readonly ClauseKind[];
  readonly features: Features;
  /** Aliases by which its columns are named, or of the relation that it joins. */
  readonly aliases: readonly string[];
  /** It stands from the first to the last of them. */
  readonly spots: readonly Spot[];
}

/** All candidates of a statement, the outer ones first. */
export function candidatesOf(statement: Node): readonly Candidate[] {
  const found: Candidate[] = [];
  visit(statement, found);
  return found;
}

function visit(value: unknown, found: Candidate[]): void {
  if (Array.isArray(value)) for (const each of value) visit(each, found);
  else if (isJson(value)) {
    for (const key of Object.keys(value)) {
      const each = value[key];
      if (typeof each !== 'object') continue;
      if (isJson(each)) take(key, each, found);
      visit(each, found);
    }
  }
}

function take(key: string, node: Json, found: Candidate[]): void {
  switch (key) {
    case 'SelectStmt':
      found.push(...ofSelect(node));
      break;
    case 'larg':
    case 'rarg':
      // A side of a set operation; that of a join is wrapped in the name of its type.
      if ('op' in node) found.push(...ofSelect(node));
      break;
    case 'JoinExpr':
      found.push(ofJoin(node), ...conditions(node['quals'], ['filter']));
      break;
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'InsertStmt':
      found.push(...ofWrite(key, node));
      break;
    default:
      break;
  }
}

function ofSelect(select: Json): readonly Candidate[] {
  const targets = targetsOf(select);
  return [
    ...ofSetOperation(select),
    ...ofLimit(select),
    ...ofSort(select, targets),
    // Those of a set operation stand in its sides.
    ...(isJson(select['larg']) ? [] : [...ofDistinct(select, targets), ...ofWindows(targets), ...ofGroups(select, targets)]),
    ...conditions(select['havingClause'], ['filter']),
    ...conditions(select['whereClause'], ['filter', 'join']),
    ...list(select['fromClause']).slice(1).map((item) => ofFromItem(item)),
    ...ofLock(select),
  ];
}

/** The select list; of a set operation the one that names its columns. */
function targetsOf(select: Json): readonly Json[] {
  const { larg } = select;
  if (isJson(larg)) return targetsOf(larg);
  return list(select['targetList']).flatMap((target) => (isJson(target['ResTarget']) ? [target['ResTarget']] : []));
}

function ofWrite(key: string, write: Json): readonly Candidate[] {
  const { relation } = write;
  const kind = key === 'UpdateStmt' ? 'update' : key === 'DeleteStmt' ? 'delete' : 'insert';
  const target: Candidate = { kinds: [kind], features: new Map(), aliases: [], spots: nameSpot(relation) };
  return [target, ...conditions(write['whereClause'], ['filter', 'join']), ...[...list(write['fromClause']), ...list(write['usingClause'])].map((item) => ofFromItem(item))];
}

/** Each AND-ed part; IN and EXISTS are joins, of what they compare. */
function conditions(condition: unknown, kinds: readonly ClauseKind[]): readonly Candidate[] {
  return andParts(condition).map((node) => ({
    kinds,
    features: joined([featuresOf(node), ...subLinks(node).map(comparedIn)]),
    aliases: qualifiers(node),
    spots: [{ at: 'expression', node }],
  }));
}

/** What is joined, with the condition. */
function ofJoin(join: Json): Candidate {
  const { quals, rarg } = join;
  const using = list(join['usingClause']);
  const side = ofFromItem(rarg);
  const equal = using.map((name) => featuresOf({ A_Expr: { name: [{ String: { sval: '=' } }], lexpr: { ColumnRef: { fields: [name] } }, rexpr: { ColumnRef: { fields: [name] } } } }));
  const condition = expressionSpots(quals);
  const spots: readonly Spot[] = using.length === 0 ? condition : [{ at: 'word', words: ['USING'], closes: true, after: lastLocation(rarg) }];
  return { kinds: ['join'], features: joined([featuresOf(quals), ...equal]), aliases: side.aliases, spots: [...side.spots, ...spots] };
}

/** What a FROM list names: a candidate for a join without a condition. A sub-select has no place of its own. */
function ofFromItem(item: unknown): Candidate {
  const nothing: Candidate = { kinds: ['join'], features: new Map(), aliases: [], spots: [] };
  if (!isJson(item)) return nothing;
  const [[type, body] = ['', undefined]] = Object.entries(item);
  if (!isJson(body)) return nothing;
  if (type === 'JoinExpr') return ofFromItem(body['rarg']);
  const alias = isJson(body['alias']) ? body['alias']['aliasname'] : body['relname'];
  const aliases = typeof alias === 'string' ? [alias] : [];
  if (type === 'RangeVar') return { ...nothing, aliases, spots: nameSpot(body) };
  const location = type === 'RangeSubselect' ? undefined : firstLocation(body);
  return { ...nothing, aliases, spots: location === undefined ? [] : [{ at: 'name', location }] };
}

function expressionSpots(value: unknown): readonly Spot[] {
  const node = asNode(value);
  return node === undefined ? [] : [{ at: 'expression', node }];
}

function nameSpot(relation: unknown): readonly Spot[] {
  const location = isJson(relation) ? relation['location'] : undefined;
  return typeof location === 'number' ? [{ at: 'name', location }] : [];
}

function ofSort(select: Json, targets: readonly Json[]): readonly Candidate[] {
  const keys = list(select['sortClause']).flatMap((key) => (isJson(key['SortBy']) ? (asNode(key['SortBy']['node']) ?? []) : []));
  if (keys.length === 0) return [];
  return [{ kinds: ['sort'], features: featuresOf(...keys.map((key) => meant(key, targets))), aliases: keys.flatMap(qualifiers), spots: keys.map((node) => ({ at: 'expression', node })) }];
}

function ofLimit(select: Json): readonly Candidate[] {
  const numbers = [select['limitCount'], select['limitOffset']].flatMap((each) => asNode(each) ?? []);
  const [first] = numbers.flatMap((node) => firstLocation(node) ?? []).sort((a, b) => a - b);
  if (first === undefined) return [];
  const word: Spot = { at: 'word', words: ['LIMIT', 'OFFSET', 'FETCH'], before: first };
  return [{ kinds: ['limit'], features: featuresOf(...numbers), aliases: [], spots: [word, ...numbers.map((node): Spot => ({ at: 'expression', node }))] }];
}

function ofDistinct(select: Json, targets: readonly Json[]): readonly Candidate[] {
  if (list(select['distinctClause']).length === 0) return [];
  const on = list(select['distinctClause']).flatMap((key) => asNode(key) ?? []);
  const before = firstLocation(on) ?? firstLocation(targets);
  const features = on.length > 0 ? featuresOf(...on) : featuresOf(...targets.map((target) => target['val']));
  return [{ kinds: ['distinct'], features, aliases: [], spots: [{ at: 'word', words: ['DISTINCT'], before }] }];
}

function ofWindows(targets: readonly Json[]): readonly Candidate[] {
  return calls(targets).filter((call) => 'over' in call).map((call) => ({ kinds: ['window'], features: featuresOf({ FuncCall: call }), aliases: [], spots: expressionSpots({ FuncCall: call }) }));
}

/** GROUP BY with the aggregates of the select list; by position or alias, it stands at what is meant. */
function ofGroups(select: Json, targets: readonly Json[]): readonly Candidate[] {
  const written = list(select['groupClause']).flatMap(groupedBy);
  const keys = written.map((key) => meant(key, targets));
  const aggregates = calls([...targets, select['havingClause']]).filter((call) => !('over' in call));
  if (keys.length === 0 && aggregates.length === 0) return [];
  const spots = keys.length > 0 ? keys.map((node): Spot => ({ at: 'expression', node })) : aggregates.flatMap((call) => expressionSpots({ FuncCall: call }));
  return [{ kinds: ['aggregate'], features: featuresOf(...keys, ...aggregates.map((call) => ({ FuncCall: call }))), aliases: [], spots }];
}

/** The keys of a GROUP BY item, those of grouping sets too. */
function groupedBy(item: Json): readonly Node[] {
  const { GroupingSet: set } = item;
  if (isJson(set)) return list(set['content']).flatMap(groupedBy);
  return asNode(item) === undefined ? [] : [asNode(item)].filter((node) => node !== undefined);
}

function ofSetOperation(select: Json): readonly Candidate[] {
  if (select['op'] === 'SETOP_NONE' || select['op'] === undefined) return [];
  const word: Spot = { at: 'word', words: ['UNION', 'INTERSECT', 'EXCEPT'], more: ['ALL', 'DISTINCT'], before: firstLocation(select['rarg']), after: lastLocation(select['larg']) };
  return [{ kinds: ['set-operation'], features: new Map(), aliases: [], spots: [word] }];
}

function ofLock(select: Json): readonly Candidate[] {
  if (list(select['lockingClause']).length === 0) return [];
  const { lockingClause: _lock, withClause: _with, ...before } = select;
  return [{ kinds: ['lock'], features: new Map(), aliases: [], spots: [{ at: 'word', words: ['FOR'], more: ['NO', 'KEY', 'UPDATE', 'SHARE', 'SKIP', 'LOCKED', 'NOWAIT'], after: lastLocation(before) }] }];
}

/** What a key of ORDER BY or GROUP BY means: a position or a name of the select list, or itself. */
function meant(key: Node, targets: readonly Json[]): Node {
  if ('A_Const' in key && key.A_Const.ival !== undefined) return asNode(targets[(key.A_Const.ival.ival ?? 0) - 1]?.['val']) ?? key;
  if (!('ColumnRef' in key) || key.ColumnRef.fields?.length !== 1) return key;
  const [name] = key.ColumnRef.fields;
  if (name === undefined || !('String' in name)) return key;
  const named = targets.find((target) => target['name'] === name.String.sval);
  return asNode(named?.['val']) ?? key;
}

/** Every function call, not those in sub-selects. */
function calls(value: unknown): readonly Json[] {
  return collected(value, (key, each, found) => {
    if (key === 'FuncCall') found.push(each);
    return key !== 'SelectStmt';
  });
}

function subLinks(value: unknown): readonly Json[] {
  return collected(value, (key, each, found) => {
    if (key === 'SubLink') found.push(each);
    return key !== 'SubLink';
  });
}

/**
 * What `take` finds in a tree, parents first.
 * @param take whether to look inside too
 */
function collected<T>(value: unknown, take: (key: string, each: Json, found: T[]) => boolean, found: T[] = []): readonly T[] {
  if (Array.isArray(value)) for (const each of value) collected(each, take, found);
  else if (isJson(value)) {
    for (const key of Object.keys(value)) {
      const each = value[key];
      if (typeof each === 'object' && (!isJson(each) || take(key, each, found))) collected(each, take, found);
    }
  }
  return found;
}

/** What IN and EXISTS join by: the selected column, the conditions inside. */
function comparedIn(link: Json): Features {
  const inner = isJson(link['subselect']) ? link['subselect']['SelectStmt'] : undefined;
  if (!isJson(inner)) return new Map();
  const where = andParts(inner['whereClause']).filter((part) => new Set(qualifiers(part)).size > 1 || qualifiers(part).length === 0);
  return link['subLinkType'] === 'ANY_SUBLINK' ? featuresOf(inner['targetList']) : featuresOf(...where);
}

/** The aliases that columns are qualified with. */
function qualifiers(value: unknown): readonly string[] {
  return collected<string>(value, (key, each, found) => {
    if (key !== 'ColumnRef') return true;
    const qualifier = list(each['fields']).at(-2)?.['String'];
    if (isJson(qualifier) && typeof qualifier['sval'] === 'string') found.push(qualifier['sval']);
    return false;
  });
}

