import type { Node, Parser } from '../parser.ts';

/** A relation as a statement names it. */
export interface NamedRelation {
  readonly schema: string | undefined;
  readonly name: string;
  /** Where it stands, in bytes. */
  readonly location: number | undefined;
}

/** What a statement asks for, wherever in it: enough to tell a clause of the user from a means of the planner. */
export interface QueryShape {
  readonly orderBy: boolean;
  /** The outermost SELECT has an ORDER BY. */
  readonly outerOrderBy: boolean;
  readonly distinct: boolean;
  /** `DISTINCT ON (…)`, as SQL. */
  readonly distinctOn: readonly string[];
  readonly groupBy: boolean;
  readonly setOperation: boolean;
  /** DISTINCT or GROUP BY in the FROM list or in a CTE, not in a sub-select of an expression. */
  readonly groupedFrom: boolean;
  /** `min(…)` or `max(…)` is called. */
  readonly minMax: boolean;
  /** Texts of LIMIT and OFFSET. */
  readonly limits: readonly string[];
  readonly withTies: boolean;
  /** A LIMIT is a parameter of the statement. */
  readonly limitParameter: boolean;
  /** A LIMIT or OFFSET is a sub-select. */
  readonly limitSubSelect: boolean;
  readonly lateral: boolean;
  /** RETURNING old.… or new.… (18). */
  readonly returningOldOrNew: boolean;
  readonly returning: boolean;
  readonly windows: boolean;
  readonly groupingSets: boolean;
  readonly locking: boolean;
  /** `SET (a, b) = (SELECT …)`. */
  readonly multiAssignment: boolean;
  /** SKIP LOCKED, NOWAIT, or a strength that postgres_fdw does not send, as written. */
  readonly lockWords: readonly string[];
  readonly relations: readonly NamedRelation[];
  /** Functions called, as named. */
  readonly functions: readonly NamedRelation[];
  /** Those that the statement itself calls, not a view of it. */
  readonly ownFunctions: readonly NamedRelation[];
  readonly parameters: number;
  /** The parsed statement; undefined: it cannot be parsed. */
  readonly statement: Node | undefined;
}

/** Anything may be there: the shape of a statement that cannot be parsed. */
const unknownShape: QueryShape = {
  orderBy: true, outerOrderBy: true, distinct: true, distinctOn: [], groupBy: true, setOperation: true, groupedFrom: true, minMax: true,
  limits: [], withTies: false, limitParameter: false, limitSubSelect: false, lateral: false, returningOldOrNew: false, returning: false, windows: true, groupingSets: false, locking: true, multiAssignment: false, lockWords: [],
  relations: [], functions: [], ownFunctions: [], parameters: 0, statement: undefined,
};

/** The shape of one statement's text; `unknownShape` where it cannot be parsed. */
export function shapeOf(parser: Parser, sql: string): QueryShape {
  const root = parser.parse(sql)?.stmts?.[0]?.stmt;
  if (root === undefined) return unknownShape;
  try {
    const found = new Finder(parser);
    found.visit(root, false);
    return found.shape(root);
  } catch (error) {
    // Nested deeper than the stack goes: nothing is known of it.
    if (error instanceof RangeError) return unknownShape;
    throw error;
  }
}

/** One shape for a statement and the views in it. */
export function joinShapes(shapes: readonly QueryShape[], outer: QueryShape): QueryShape {
  const any = (pick: (shape: QueryShape) => boolean): boolean => shapes.some(pick);
  return {
    orderBy: any((shape) => shape.orderBy),
    outerOrderBy: outer.outerOrderBy,
    distinct: any((shape) => shape.distinct),
    distinctOn: shapes.flatMap((shape) => shape.distinctOn),
    groupBy: any((shape) => shape.groupBy),
    setOperation: any((shape) => shape.setOperation),
    // Whatever a view groups stands in the FROM list of the statement.
    groupedFrom: outer.groupedFrom || shapes.some((shape) => shape !== outer && (shape.distinct || shape.groupBy)),
    minMax: any((shape) => shape.minMax),
    limits: shapes.flatMap((shape) => shape.limits),
    withTies: any((shape) => shape.withTies),
    limitParameter: any((shape) => shape.limitParameter),
    limitSubSelect: any((shape) => shape.limitSubSelect),
    lateral: any((shape) => shape.lateral),
    returningOldOrNew: outer.returningOldOrNew,
    returning: outer.returning,
    windows: any((shape) => shape.windows),
    groupingSets: any((shape) => shape.groupingSets),
    locking: any((shape) => shape.locking),
    multiAssignment: outer.multiAssignment,
    lockWords: [...new Set(shapes.flatMap((shape) => shape.lockWords))],
    relations: shapes.flatMap((shape) => shape.relations),
    functions: shapes.flatMap((shape) => shape.functions),
    ownFunctions: outer.ownFunctions,
    parameters: outer.parameters,
    statement: outer.statement,
  };
}

const lockStrengths: Readonly<Record<string, string>> = { LCS_FORKEYSHARE: 'FOR KEY SHARE', LCS_FORNOKEYUPDATE: 'FOR NO KEY UPDATE' };
const lockWaits: Readonly<Record<string, string>> = { LockWaitSkip: 'SKIP LOCKED', LockWaitError: 'NOWAIT' };

class Finder {
  readonly #parser: Parser;
  readonly #ctes = new Set<string>();
  readonly #relations: NamedRelation[] = [];
  readonly #limits: string[] = [];
  readonly #distinctOn: string[] = [];
  readonly #lockWords = new Set<string>();
  readonly #functions: NamedRelation[] = [];
  readonly #flags = new Set<string>();
  #parameters = 0;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** @param from whether this part stands in a FROM list or a CTE, in which case its grouping is the user's */
  visit(node: unknown, from: boolean): void {
    if (Array.isArray(node)) {
      for (const each of node) this.visit(each, from);
      return;
    }
    if (!isFields(node)) return;
    for (const key of Object.keys(node)) {
      const value = node[key];
      this.#take(key, value, from);
      if (typeof value === 'object') this.visit(value, key === 'fromClause' || key === 'usingClause' || key === 'ctes' ? true : key === 'SubLink' ? false : from);
    }
  }

  shape(root: Node): QueryShape {
    const has = (flag: string): boolean => this.#flags.has(flag);
    const outer = 'SelectStmt' in root ? root.SelectStmt : undefined;
    return {
      orderBy: has('orderBy'),
      outerOrderBy: (outer?.sortClause ?? []).length > 0,
      distinct: has('distinct'),
      distinctOn: this.#distinctOn,
      groupBy: has('groupBy'),
      setOperation: has('setOperation'),
      groupedFrom: has('groupedFrom'),
      minMax: has('minMax'),
      limits: this.#limits,
      withTies: has('withTies'),
      limitParameter: has('limitParameter'),
      limitSubSelect: has('limitSubSelect'),
      lateral: has('lateral'),
      returningOldOrNew: has('returningOldOrNew'),
      returning: has('returning'),
      windows: has('windows'),
      groupingSets: has('groupingSets'),
      locking: has('locking'),
      multiAssignment: has('multiAssignment'),
      lockWords: [...this.#lockWords],
      relations: this.#relations.filter((relation) => relation.schema !== undefined || !this.#ctes.has(relation.name)),
      functions: this.#functions,
      ownFunctions: this.#functions,
      parameters: this.#parameters,
      statement: root,
    };
  }

  #set(flag: string, when = true): void {
    if (when) this.#flags.add(flag);
  }

  #take(key: string, value: unknown, from: boolean): void {
    switch (key) {
      case 'distinctClause':
        this.#set('distinct');
        this.#takeDistinctOn(value);
        this.#set('groupedFrom', from);
        break;
      case 'groupClause':
        this.#set('groupBy');
        this.#set('groupedFrom', from);
        break;
      case 'MultiAssignRef':
        this.#set('multiAssignment', isNode(value) && 'source' in value && isNode(value.source) && 'SubLink' in value.source);
        break;
      case 'GroupingSet':
        this.#set('groupingSets');
        break;
      case 'op':
        this.#set('setOperation', typeof value === 'string' && value.startsWith('SETOP_') && value !== 'SETOP_NONE');
        break;
      case 'limitOption':
        this.#set('withTies', value === 'LIMIT_OPTION_WITH_TIES');
        break;
      case 'lockingClause':
        this.#set('locking');
        break;
      case 'lateral':
        this.#set('lateral', value === true);
        break;
      case 'returningClause':
      case 'returningList':
        this.#set('returning');
        this.#set('returningOldOrNew', mentionsOldOrNew(value));
        break;
      case 'strength':
        if (typeof value === 'string' && lockStrengths[value] !== undefined) this.#lockWords.add(lockStrengths[value]);
        break;
      case 'waitPolicy':
        if (typeof value === 'string' && lockWaits[value] !== undefined) this.#lockWords.add(lockWaits[value]);
        break;
      default:
        break;
    }
    if (typeof value !== 'object' || value === null) return;
    if (key === 'SelectStmt' || key === 'larg' || key === 'rarg') this.#takeSelect(value);
    else if (key === 'RangeVar' || key === 'relation') this.#takeRelation(value);
    else if (key === 'CommonTableExpr' && 'ctename' in value && typeof value.ctename === 'string') this.#ctes.add(value.ctename);
    else if (key === 'ParamRef' && 'number' in value && typeof value.number === 'number') this.#parameters = Math.max(this.#parameters, value.number);
    else if (key === 'FuncCall') this.#takeCall(value);
  }

  #takeSelect(select: object): void {
    if ('sortClause' in select) this.#flags.add('orderBy');
    for (const [key, word] of [['limitCount', 'LIMIT'], ['limitOffset', 'OFFSET']] as const) {
      const value: unknown = key in select ? Reflect.get(select, key) : undefined;
      if (!isNode(value)) continue;
      this.#limits.push(`${word} ${this.#parser.text(value)}`);
      // The planner guesses at an unknown OFFSET; an unknown LIMIT may be all rows.
      if ('ParamRef' in value && key === 'limitCount') this.#flags.add('limitParameter');
      if ('SubLink' in value) this.#flags.add('limitSubSelect');
    }
  }

  /** Plain DISTINCT is a list of one empty node. */
  #takeDistinctOn(keys: unknown): void {
    const all: readonly unknown[] = Array.isArray(keys) ? keys : [];
    const nodes = all.filter(isNode).filter((key) => Object.keys(key).length > 0);
    if (nodes.length > 0) this.#distinctOn.push(`DISTINCT ON (${nodes.map((key) => this.#parser.text(key)).join(', ')})`);
  }

  #takeRelation(relation: object): void {
    if (!('relname' in relation) || typeof relation.relname !== 'string') return;
    const schema = 'schemaname' in relation && typeof relation.schemaname === 'string' ? relation.schemaname : undefined;
    this.#relations.push({ schema, name: relation.relname, location: 'location' in relation && typeof relation.location === 'number' ? relation.location : undefined });
  }

  #takeCall(call: object): void {
    if ('over' in call) this.#flags.add('windows');
    const names: readonly unknown[] = 'funcname' in call && Array.isArray(call.funcname) ? call.funcname : [];
    const [name, schema] = names.toReversed().map((each) => (isNode(each) && 'String' in each ? each.String.sval : undefined));
    if (name === undefined) return;
    if (name === 'min' || name === 'max') this.#flags.add('minMax');
    this.#functions.push({ schema, name, location: 'location' in call && typeof call.location === 'number' ? call.location : undefined });
  }
}

/** `old.total`, `new.*`, or another name for them: RETURNING WITH (OLD AS before). */
function mentionsOldOrNew(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('ReturningOption' in value) return true;
  if ('ColumnRef' in value && isNode(value)) {
    const [first, ...more] = value.ColumnRef.fields ?? [];
    return more.length > 0 && first !== undefined && 'String' in first && (first.String.sval === 'old' || first.String.sval === 'new');
  }
  return Object.values(value).some(mentionsOldOrNew);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
