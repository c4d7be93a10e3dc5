import { string as argument } from '@oclif/core/args';
import { boolean, integer, string } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { UserError } from '../base/user-error.ts';
import { analyze } from '../flows/analyze.ts';
import { analyzeJson } from '../report/analyze-json.ts';
import { analyzeText } from '../report/analyze-text.ts';
import { FdwCommand } from './base/command.ts';
import { chosenFormat, databaseFlag, environmentFlag, formatFlag, jsonFlag } from './base/flags.ts';
import { prose } from './base/prose.ts';

const defaultSpec = 'fdw.yaml';

export default class Analyze extends FdwCommand {
  static override summary = 'Gather statistics of foreign tables where they are missing or stale.';
  static override description = prose(`
    Autovacuum passes foreign tables over. Runs ANALYZE on those that never were, and on those whose remote has another number of
    rows by now. Writes statistics and nothing else. Before PostgreSQL 16 ANALYZE fetches the whole table; from 16 on a sample, by
    the option analyze_sampling. With --dry-run it says what it would do and what that costs.

    Exits with 2 where a table could not be analysed.
  `);
  static override examples = [
    { description: 'What would be done, and what it costs', command: '<%= config.bin %> analyze --dry-run' },
    { description: 'Tables of one server, four at once', command: '<%= config.bin %> analyze --server shop --jobs 4' },
    { description: 'One table, fresh or not', command: '<%= config.bin %> analyze shop.orders --all' },
  ];
  static override args = {
    tables: argument({ description: 'Foreign tables, schema.name as they are stored. Without any: all.', multiple: true, ignoreStdin: true }),
  };
  static override flags = {
    server: string({ description: 'Only foreign tables of this server. May be given several times.', helpValue: 'NAME', multiple: true }),
    schema: string({ description: 'Only foreign tables in this local schema. May be given several times.', helpValue: 'NAME', multiple: true }),
    stale: string({ description: 'By how much the number of rows there may differ from the one here.', helpValue: 'PERCENT', default: '20%' }),
    all: boolean({ description: 'Tables with fresh statistics too.', default: false }),
    'dry-run': boolean({ description: 'Only say what would be analysed, why, and what it costs.', default: false }),
    jobs: integer({ description: 'How many servers are asked, and tables analysed, at once, each over a connection of its own to the database.', helpValue: 'N', default: 2, min: 1, max: 64 }),
    spec: string({ description: `A spec, for its \`database\`. Without it: ${defaultSpec}, if there is one.`, helpValue: 'FILE' }),
    env: environmentFlag,
    database: databaseFlag,
    format: formatFlag(['text', 'json']),
    json: jsonFlag,
    patience: integer({ description: 'Seconds that a server may take to answer.', helpValue: 'SECONDS', default: 15, min: 1, max: 3600 }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Analyze);
    const output = this.output(flags);
    const result = await analyze({
      ...this.request({ spec: flags.spec ?? (existsSync(defaultSpec) ? defaultSpec : undefined), env: flags.env, database: flags.database }, output),
      tables: args.tables ?? [],
      servers: flags.server ?? [],
      schemas: flags.schema ?? [],
      stale: share(flags.stale),
      all: flags.all,
      dryRun: flags['dry-run'],
      jobs: flags.jobs,
      patience: flags.patience * 1000,
    });
    if (chosenFormat(flags) === 'json') output.answerJson(analyzeJson(result));
    else {
      output.warn(result.warnings);
      output.answer(analyzeText(result, output.out));
    }
    if (result.analysis.tables.some(({ outcome }) => outcome.kind === 'barred' || outcome.kind === 'failed')) process.exitCode = 2;
  }
}

/** `20%` or `20` as 0.2. */
function share(text: string): number {
  const percent = /^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1];
  if (percent === undefined) throw new UserError('usage', `--stale ${text} is no percentage.`, { todo: 'Write it as 20%.' });
  return Number(percent) / 100;
}
