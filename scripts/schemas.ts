import { accessLinks } from '../src/model/access.ts';
import { healthCheckIds, healthLevels } from '../src/model/health.ts';
import { consentIds, hazardIds } from '../src/model/hazards.ts';

/*
 * The JSON Schemas of what the commands print, draft-07. Written here once, so that the parts that several
 * share stay the same; `npm run generate` writes the files in `schema/`.
 */

type Schema = Readonly<Record<string, unknown>>;

type Properties = Readonly<Record<string, Schema>>;

/** An object with exactly these properties, all of them always there but for the optional ones. */
function object(properties: Properties, more: Schema = {}, optional: Properties = {}): Schema {
  return { type: 'object', ...more, properties: { ...properties, ...optional }, required: Object.keys(properties), additionalProperties: false };
}

const list = (items: Schema, description?: string): Schema => ({ type: 'array', items, ...(description !== undefined && { description }) });
const text = (description?: string): Schema => ({ type: 'string', ...(description !== undefined && { description }) });
const textOrNull = (description?: string): Schema => ({ type: ['string', 'null'], ...(description !== undefined && { description }) });
const count = (description?: string): Schema => ({ type: 'integer', minimum: 0, ...(description !== undefined && { description }) });
const word = (...words: readonly string[]): Schema => ({ type: 'string', enum: words });

const formatVersion: Schema = { const: 1, description: 'Grows when a reader of the old form would misread the new one.' };

const problem = object({
  file: textOrNull('As the user named it; null where the problem has no place.'),
  line: { type: ['integer', 'null'], minimum: 1 },
  column: { type: ['integer', 'null'], minimum: 1, description: 'In UTF-16 units, from 1.' },
  message: text(),
  hint: textOrNull(),
});

const warnings = list(problem, 'What is worth knowing and stops nothing.');

const summary = object({ create: count(), update: count(), replace: count(), drop: count() });

const change = object({
  action: word('create', 'update', 'replace', 'drop'),
  kind: word('extension', 'wrapper', 'server', 'user-mapping', 'schema', 'type', 'foreign-table'),
  address: text('Unique in a plan: `server shop`, `foreign table shop.orders`.'),
  sql: list(text(), 'The statements in order. In place of a secret stands (sensitive).'),
  hazards: list(
    object({ id: word(...hazardIds), weight: { ...word('advice', 'consent', 'refused'), description: 'consent: apply refuses without --allow ID; refused: apply refuses.' }, message: text() }),
    'What the change may hurt; docs/hazards.md explains each.',
  ),
});

const plan = {
  format_version: formatVersion,
  database: object(
    {
      name: text(),
      host: text('Name, address or socket folder.'),
      port: { type: 'integer', minimum: 1, maximum: 65535 },
      user: text(),
      server_version_num: { type: 'integer', description: 'As server_version_num shows it: 180004.' },
      chosen_by: text('Which setting chose the database.'),
      through_pooler: { type: 'boolean', description: 'Whether a pooler such as pgbouncer answered in the database\'s place.' },
    },
    { description: 'The local database.' },
  ),
  changes: list(change, 'In the order in which they run.'),
  summary,
  allow: list(word(...consentIds), 'The hazards that apply needs --allow for.'),
  left_alone: object({ servers: count(), user_mappings: count(), foreign_tables: count() }, { description: 'What the database has and the spec does not name; no plan touches it.' }),
  notices: list(object({ address: text(), message: text() }), 'What could not be compared, and why.'),
  warnings,
};

const driftClass = word('wrong-results', 'breaks-now', 'will-break', 'invisible');

const drift = {
  format_version: formatVersion,
  snapshot: textOrNull('The snapshot that the remotes were compared with; then `tables` names relations of the remotes. null: foreign tables were compared.'),
  database: plan.database,
  servers: list(
    object({
      name: text(),
      tables: count('Foreign tables that were compared; of a server that could not be read, that there are.'),
      read_as: textOrNull('The local role whose user mapping was used; null where the remote could not be read.'),
      remote_role: textOrNull(),
      server_version_num: { type: ['integer', 'null'], description: 'Of the remote: 180004.' },
      sampled: { anyOf: [{ type: 'null' }, object({ tables: count('Of which rows were looked at.'), rows: count('In all.') })], description: 'What --sample looked at; null without it.' },
    }),
    'Sorted by name.',
  ),
  findings: list(
    object({
      id: text('Stable; docs/drift.md says what each means.'),
      class: driftClass,
      server: text(),
      tables: list(text('The foreign table, `shop.orders`.'), 'Empty: all of the server.'),
      subject: textOrNull('A column, type or constraint; null: the table as a whole.'),
      message: text(),
      guess: { type: 'boolean', description: 'Whether it was told from circumstances.' },
      sql: list(text(), 'What mends it in the local database.'),
    }),
    'By server and table.',
  ),
  unknown: list(object({ server: text(), table: textOrNull('null: the whole server.'), id: text('Of the error; stable.'), message: text(), todo: textOrNull() }), 'What could not be looked at: not clean.'),
  summary: object({ 'wrong-results': count(), 'breaks-now': count(), 'will-break': count(), invisible: count(), unknown: count() }),
  warnings,
};

const clauseKind = word('filter', 'join', 'aggregate', 'distinct', 'window', 'sort', 'limit', 'set-operation', 'lock', 'insert', 'update', 'delete', 'output');

const line = (description: string): Schema => ({ type: ['integer', 'null'], minimum: 1, description });

const place = object(
  {
    text: text('The words of the statement; through a view the name of the view.'),
    line: line('In the file; null where the statement does not stand there as it is (a check in a spec).'),
    column: line('In UTF-16 units, from 1.'),
    end_line: line('Where it ends.'),
    end_column: line('The column after its end.'),
    view: { anyOf: [{ type: 'null' }, object({ name: text(), text: text("The clause in the view's own words.") })], description: 'The view, or the inlined function, that the clause stands in.' },
  },
);

const reason = object({ id: text('Stable.'), subject: text('The very function, type, column …'), message: text() });
const wire = object({ rows: { type: 'number', minimum: 0 }, bytes: { type: 'number', minimum: 0 }, round_trips: { type: 'number', minimum: 0 } });

const remedy = object({
  kind: word('rewrite', 'option', 'setting', 'command', 'combined'),
  title: text(),
  sql: text('The rewritten query, or what to run once.'),
  spec: textOrNull('The same as a part of the spec, in YAML.'),
  proved: { type: 'boolean', description: 'Whether it was tried, by EXPLAIN, and the clause is pushed down or far less is fetched.' },
  unproved: textOrNull('Why it was not tried.'),
  changes_meaning: textOrNull('How it changes the meaning, or what it costs; null: the result is the same.'),
  remote_sql: list(text(), 'What is sent with it.'),
  remaining: list(text(), 'What still runs here with it.'),
  effect: { anyOf: [{ type: 'null' }, object({ before: wire, after: wire })], description: 'What crosses the wire, as the planner estimates it.' },
});

const clause = object({
  kind: clauseKind,
  text: text('As the plan prints it.'),
  place: { anyOf: [{ type: 'null' }, place], description: 'Where it stands in the statement; null where it was not found there.' },
  runs: word('remote', 'local'),
  cause: { enum: ['blocked', 'not-chosen', null], description: 'Of a local clause: it may not be pushed down, or it may and a local plan was cheaper. null: remote, or not determined.' },
  costs: {
    anyOf: [{ type: 'null' }, object({ here: { type: 'number' }, sent: { type: 'number' } })],
    description: "Of one that was not chosen: what the planner reckons for doing it here, and with it sent; null where no plan with it sent could be forced.",
  },
  reasons: list(reason),
  remedies: list(remedy),
  advice: list(text(), 'What one does about it, where there is no remedy.'),
});

const scan = object({
  server: text(),
  relations: list(text('The local name, `shop.orders`.')),
  operation: word('select', 'insert', 'update', 'delete'),
  remote_sql: text(),
  filter: textOrNull('What is filtered here after the rows came.'),
  estimated_rows: { type: 'number', minimum: 0, description: 'Rows fetched, before the filter, or sent; over all loops.' },
  estimated_bytes: { type: 'number', minimum: 0 },
  loops: { type: 'number', minimum: 1, description: 'How often the remote is asked: once for each row of the outer side, where it depends on that.' },
  round_trips: { type: 'number', minimum: 0 },
  rows_per_trip: { type: 'integer', minimum: 1, description: 'fetch_size of a scan, batch_size of a write.' },
});

const analyzed = object({
  outcome: word('ran', 'failed', 'refused'),
  rows: { type: ['integer', 'null'], minimum: 0, description: 'Rows that it returned.' },
  seconds: { type: ['number', 'null'], minimum: 0 },
  scans: list({ anyOf: [{ type: 'null' }, object({ rows: count('Rows that came, before the filter.'), loops: count() })] }, "Of each of the query's scans, in their order."),
  message: textOrNull('Why it failed or was refused.'),
  line: { type: ['integer', 'null'], minimum: 1, description: 'Of what it was refused for.' },
  column: { type: ['integer', 'null'], minimum: 1 },
});

const query = object({
  name: text(),
  file: textOrNull(),
  line: { type: 'integer', minimum: 1 },
  verdict: word('full', 'partial', 'none', 'danger', 'no-foreign', 'error'),
  clauses: list(clause),
  scans: list(scan),
  plan: { enum: ['generic', 'custom', null], description: 'Of a statement with parameters: the plan that this is, the worse of the two. null: there is only one.' },
  other_plan: {
    anyOf: [{ type: 'null' }, object({ plan: word('generic', 'custom'), verdict: word('full', 'partial', 'none', 'danger', 'no-foreign'), clauses: list(clause), scans: list(scan) })],
    description: 'The other plan, where it differs.',
  },
  ignored: list(object({ id: text(), because: text() }), 'Reasons that the author of the query takes.'),
  notes: list(reason, 'What is worth knowing of the whole statement.'),
  remedies: list(remedy, 'What would help with the notes.'),
  analyzed: { anyOf: [{ type: 'null' }, analyzed], description: 'What became of executing it; null without --analyze, and without a foreign table.' },
  returned_rows: { type: ['number', 'null'], description: 'Rows that the query returns, or writes, as the planner estimates them.' },
  missed: list(text(), 'The expectations that were missed, a sentence each.'),
  error: { anyOf: [{ type: 'null' }, problem], description: 'Why the query could not be judged.' },
});

const healthCheck = object({
  check: { ...word(...healthCheckIds), description: 'docs/doctor.md explains each.' },
  level: word(...healthLevels),
  message: text('May hold measured times: do not compare it.'),
  todo: textOrNull('What to do about it.'),
});

const accessLink = object({
  link: { ...word(...accessLinks), description: 'docs/whoami.md explains each.' },
  state: word('ok', 'missing', 'unknown'),
  message: text(),
  depth: count('How far the relation stands below the one that was asked about.'),
  sql: textOrNull('The statement that adds the link.'),
  run_on: { enum: ['local', 'remote', null], description: 'Where that statement is to be run.' },
  todo: textOrNull('What to do where no statement is known.'),
});

function document(title: string, properties: Properties, definitions?: Properties): Schema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...object(properties), ...(definitions !== undefined && { definitions }) };
}

const planStep = object({
  type: text('As EXPLAIN names it in its text: Hash Left Join, Foreign Scan, Async Foreign Scan.'),
  name: textOrNull('InitPlan 1, SubPlan 1, CTE x, of the head of one.'),
  relations: list(text()),
  runs: word('remote', 'local'),
  details: list(object({ label: text(), text: text() }), 'What it works by.'),
  rows: { type: 'number', description: 'That it gives back, as the planner estimates it.' },
  scans: list(count(), "Which of the query's scans it makes, from 0."),
  children: list({ $ref: '#/definitions/step' }),
});

/** The schemas by the name of their file in `schema/`. */
const name = object({ schema: text(), name: text() });
const flag = (description: string): Schema => ({ type: 'boolean', description: `${description}; false where it is left out.` });
const map = (values: Schema, description: string): Schema => ({ type: 'object', description, additionalProperties: values });
const useText = text('A key of `uses`.');
const collationName: Schema = { ...name, description: 'None where it is left out; pg_catalog.default is that of the database.' };
const routine = object({ name: text(), builtin: { type: 'boolean' } });
const typeHead = { schema: text(), name: text() };
const extensionOf = { extension: text('The extension that it belongs to on the remote; nothing else is known of such a type.') };

/** What `fdw snapshot` writes. */
const snapshot = {
  format_version: formatVersion,
  servers: map(
    object({
      server_version_num: { type: 'integer', description: 'Of the remote: 180004.' },
      collation: object({ provider: word('libc', 'icu', 'builtin'), locale: text() }, { description: 'Of the remote database.' }),
      extensions: map(text('The version.'), 'Of the remote database, by name.'),
      schemas: map(
        object({
          defaults: { type: 'boolean', description: 'Whether default expressions were asked for.' },
          relations: map(
            object({
              kind: word('table', 'view', 'materialized-view', 'foreign-table', 'partitioned-table', 'partition'),
              columns: list(
                object({ name: text(), type: useText }, {}, {
                  not_null: flag('NOT NULL'), collation: collationName, default: text('The expression, in the words of the remote.'), generated: text('The expression.'), computed: word('stored', 'virtual'),
                }),
                'In order.',
              ),
              keys: list(object({ name: text(), kind: word('primary', 'unique'), columns: list(text()) })),
            }),
            'Those that the spec imports, by name.',
          ),
          others: list(text(), 'The names of the rest that could be imported.'),
          other_partitions: list(text(), 'Partitions, which are imported only when they are named.'),
        }),
        'By the name on the remote.',
      ),
      types: list(
        {
          oneOf: [
            object({ ...typeHead, kind: word('base') }, {}, extensionOf),
            object({ ...typeHead, kind: word('enum'), labels: list(text(), 'In order.') }, {}, extensionOf),
            object({ ...typeHead, kind: word('domain'), base: useText, checks: list(object({ name: text(), expression: text() })), hidden_checks: list(text(), 'Names of those that the role may not read.') }, {}, {
              ...extensionOf, collation: collationName, not_null: flag('NOT NULL'), default: text(),
            }),
            object({ ...typeHead, kind: word('composite'), attributes: list(object({ name: text(), type: useText }, {}, { collation: collationName })) }, {}, { ...extensionOf, row_type: flag('Whether it is that of a table') }),
            object({ ...typeHead, kind: word('range'), subtype: useText, multirange: name }, {}, { ...extensionOf, opclass: name, collation: collationName, canonical: routine, subdiff: routine }),
            object({ ...typeHead, kind: word('multirange'), range: useText }, {}, extensionOf),
          ],
        },
        'That are not built in.',
      ),
      uses: map(
        object({ schema: text(), name: text('Of the type; of an array that of its element.') }, {}, {
          array: flag('Whether it is an array'), typmod: { type: 'integer', description: 'None where it is left out.' }, oid: { type: 'integer', description: 'Of a builtin type.' }, extension: text(),
        }),
        'What the texts stand for that columns have as types.',
      ),
    }),
    "By the foreign server's local name.",
  ),
};

export const outputSchemas: Readonly<Record<string, Schema>> = {
  'plan.schema.json': document('fdw plan --json', plan),
  'apply.schema.json': document('fdw apply --json', { ...plan, applied: { ...summary, description: 'What was done.' }, statements: count('How many statements ran.') }),
  'drift.schema.json': document('fdw drift --json', drift),
  'explain.schema.json': document(
    'fdw explain --json',
    { format_version: formatVersion, query, tree: { anyOf: [{ type: 'null' }, { $ref: '#/definitions/step' }], description: 'The plan; null where the query could not be judged.' }, warnings },
    { step: planStep },
  ),
  'rules.schema.json': document('fdw rules --json', {
    format_version: formatVersion,
    rules: list(
      object({
        id: text('Never used for anything else.'),
        command: word('check-pushdown', 'drift'),
        what: text('What was found.'),
        why: text('Why PostgreSQL does it so.'),
        todo: text('What one can do.'),
        example: {
          anyOf: [
            { type: 'null' },
            object({
              given: textOrNull('What must be known of the objects.'),
              sql: text(),
              says: text('What check-pushdown says of it.'),
              remedy: textOrNull('What it offers.'),
              instead: textOrNull('A statement of which it does not say so.'),
              from: count('The first major of PostgreSQL that it holds for.'),
              to: count('The last one.'),
            }),
          ],
        },
      }),
    ),
  }),
  'check-pushdown.schema.json': document('fdw check-pushdown --json', {
    format_version: formatVersion,
    queries: list(query),
    summary: object({ full: count(), partial: count(), none: count(), danger: count(), 'no-foreign': count(), error: count(), missed: count('Queries that missed an expectation.') }),
    baseline: {
      anyOf: [
        { type: 'null' },
        object({
          file: text(),
          updated: { type: 'boolean', description: 'Whether --update-baseline wrote it.' },
          new: list(text(), 'Names of queries without an entry.'),
          improved: list(text(), 'Queries that are better than their entry, a sentence each.'),
          gone: list(text(), 'Entries without a query.'),
        }),
      ],
      description: 'How the run differs from the baseline without missing it; null without one.',
    },
    warnings,
  }),
  'pushdown-baseline.schema.json': document('The baseline of fdw check-pushdown, fdw.pushdown.json', {
    format_version: formatVersion,
    queries: list(
      object({
        file: text('From the folder of the baseline; - is standard input.'),
        name: text('Of a query without a name a digest of its text.'),
        verdict: word('full', 'partial', 'none', 'danger', 'no-foreign'),
        blocked: list(object({ kind: clauseKind, reasons: list(text(), 'Ids, sorted.') }), 'The kinds of clause that cannot be sent.'),
      }),
      'Sorted by file and name.',
    ),
  }),
  'snapshot.schema.json': document('What fdw snapshot writes', snapshot),
  'doctor.schema.json': document('fdw doctor --json', {
    format_version: formatVersion,
    database: plan.database,
    servers: list(
      object({
        server: text(),
        wrapper: text(),
        mappings: list(object({ role: textOrNull('The local role; null for PUBLIC.'), checks: list(healthCheck) })),
        checks: list(healthCheck, 'What holds whoever logs in.'),
      }),
      'Sorted by name.',
    ),
    summary: object({ servers: count(), fail: count('Lines of that level.'), warning: count(), unknown: count() }),
    warnings,
  }),
  'analyze.schema.json': document('fdw analyze --json', {
    format_version: formatVersion,
    database: plan.database,
    dry_run: { type: 'boolean' },
    tables: list(
      object({
        table: text('`shop.orders`.'),
        server: text(),
        rows_here: { type: ['number', 'null'], minimum: 0, description: 'By the statistics here before; null: never analysed.' },
        rows_there: { type: ['number', 'null'], minimum: 0, description: 'By the statistics there; null: not known.' },
        reason: word('never', 'stale', 'asked', 'fresh', 'unknown'),
        cost: {
          anyOf: [{ type: 'null' }, object({ rows: { type: 'number', minimum: 0 }, bytes: { type: ['number', 'null'], minimum: 0 }, round_trips: count(), whole_table: { type: 'boolean', description: 'Rather than a sample.' } })],
          description: 'What crosses the wire, by estimate; null: not known.',
        },
        outcome: { ...word('due', 'done', 'kept', 'barred', 'failed'), description: 'due: with --dry-run, would be analysed; kept: left as it is; barred: it cannot be analysed.' },
        rows_after: { type: ['number', 'null'], description: 'By the statistics that were gathered.' },
        seconds: { type: ['number', 'null'], minimum: 0 },
        message: textOrNull('Why it was barred or failed.'),
        todo: textOrNull(),
      }),
      'By schema and name.',
    ),
    partitioned_parents: list(text(), 'Partitioned tables above those that are due; they are not analysed.'),
    summary: object({ due: count(), done: count(), kept: count(), barred: count(), failed: count() }),
    warnings,
  }),
  'whoami.schema.json': document('fdw whoami --json', {
    format_version: formatVersion,
    database: plan.database,
    role: text(),
    object: textOrNull('The relation that was asked about, `public.vo`; null: all servers that the role reaches.'),
    here: list(accessLink, 'In the local database, from the role and the relation downwards.'),
    servers: list(
      object({ server: text(), as: text('The local role whose user mapping is used.'), remote_role: textOrNull('null: not known.'), links: list(accessLink) }),
      'By server and role.',
    ),
    summary: object({ missing: count('Links that are missing.'), unknown: count() }),
    warnings,
  }),
  'validate.schema.json': document('fdw validate --json, of a spec without problems', {
    format_version: formatVersion,
    valid: { const: true },
    counts: object({ servers: count(), user_mappings: count(), schemas: count(), tables: count(), sharded_tables: count(), partitions: count(), checks: count() }),
    warnings,
  }),
  'error.schema.json': document('What stands on stdout in place of any answer when a command with --json fails', {
    format_version: formatVersion,
    error: object(
      { id: text('Stable.'), message: text('What did not work.'), why: textOrNull(), todo: textOrNull('What to do about it.') },
      {},
      { problems: list(problem, 'Of a spec or a query file.') },
    ),
  }),
};
