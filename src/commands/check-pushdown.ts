import { string } from '@oclif/core/args';
import { boolean, integer, option, string as stringFlag } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { UserError } from '../base/user-error.ts';
import { checkPushdown } from '../flows/check.ts';
import type { CheckResult } from '../flows/types.ts';
import type { Pieces } from '../report/pieces.ts';
import { baselineSentences } from '../report/pushdown-baseline.ts';
import { pushdownGithub } from '../report/pushdown-github.ts';
import { pushdownJson } from '../report/pushdown-json.ts';
import { pushdownJunit } from '../report/pushdown-junit.ts';
import { pushdownMarkdown } from '../report/pushdown-markdown.ts';
import { pushdownSarif } from '../report/pushdown-sarif.ts';
import { pushdownText } from '../report/pushdown-text.ts';
import { plainSurface } from '../report/style.ts';
import type { Surface } from '../report/style.ts';
import { chooseAnswers, writeAnswers } from './base/answers.ts';
import { FdwCommand } from './base/command.ts';
import { chosenFormat, databaseFlag, defaultSpec, environmentFlag, formatFlag, jsonFlag, judgeFlags, offlineRequest, outputFlag } from './base/flags.ts';
import { prose } from './base/prose.ts';
import { repositoryPaths } from './base/repository.ts';
import { writeStepSummary } from './base/step-summary.ts';

const formats = ['text', 'json', 'junit', 'sarif', 'github', 'markdown'] as const;

export default class CheckPushdown extends FdwCommand {
  static override summary = 'Judge which parts of queries run on the remote servers.';
  static override description = prose(`
    EXPLAINs each statement, executes none (but for --analyze), and says for each part of it whether it is pushed down to the remote
    or done here, why, and what the remote is asked for. Takes SQL files, --query, standard input (-), or without any of
    them what the spec lists under \`pushdown\`. In a file, a comment above a statement holds it to something:
    -- fdw: name=recent-orders expect=full

    Exits with 2 when an expectation or the baseline is missed, with 1 when a query could not be judged at all (1 wins).
  `);
  static override examples = [
    { description: 'Judge what the spec lists', command: '<%= config.bin %> check-pushdown' },
    { description: 'Judge files', command: '<%= config.bin %> check-pushdown queries/*.sql' },
    { description: 'Judge one query', command: `<%= config.bin %> check-pushdown --query 'SELECT count(*) FROM shop.orders'` },
    {
      description: 'In a workflow of GitHub: annotations on the pull request, and a file for code scanning',
      command: '<%= config.bin %> check-pushdown --format github --output sarif=fdw.sarif',
    },
    { description: 'Ask the remotes too, and run what only reads', command: '<%= config.bin %> check-pushdown queries/*.sql --remote --analyze --time-limit 10' },
    { description: 'In a pull request, only what it changes', command: '<%= config.bin %> check-pushdown --changed-since origin/main' },
    { description: 'Judge what the database spends its time on', command: '<%= config.bin %> check-pushdown --from-stat-statements --top 50' },
    { description: 'In CI, without any database', command: '<%= config.bin %> check-pushdown --offline --schema schema.sql' },
    { description: 'Judge standard input, as the role that will run it', command: '<%= config.bin %> check-pushdown - --role analyst < report.sql' },
  ];
  static override args = {
    files: string({ description: 'SQL files; - is standard input.', multiple: true, ignoreStdin: true }),
  };
  static override flags = {
    query: stringFlag({ description: 'A query to judge, beside or instead of files.', helpValue: 'SQL' }),
    'from-stat-statements': boolean({
      description: 'Judge the statements that took the most time in the local database, as its extension pg_stat_statements keeps them.',
      exclusive: ['offline'],
    }),
    top: integer({ description: 'With --from-stat-statements: how many.', helpValue: 'N', default: 20, min: 1, max: 100_000 }),
    'changed-since': stringFlag({
      description: 'Judge only queries of files that have changed since this revision of git; all, if the spec has.',
      helpValue: 'REV',
    }),
    spec: stringFlag({
      description: `The spec; - is standard input. Without it: ${defaultSpec}, if there is one; files and --query do without.`,
      helpValue: 'FILE',
    }),
    env: environmentFlag,
    database: databaseFlag,
    ...judgeFlags,
    format: formatFlag(formats),
    json: jsonFlag,
    output: outputFlag,
    baseline: stringFlag({
      description: 'Hold queries without an expectation to what this file records. Without it: fdw.pushdown.json beside the spec, or here, if there is one.',
      helpValue: 'FILE',
    }),
    jobs: integer({
      description: 'Over how many connections to the database queries are judged at once, and remotes asked; each takes 8 queries at least. Without it: 4, and --analyze executes one at a time. The answer is the same.',
      helpValue: 'N',
      min: 1,
      max: 64,
    }),
    'update-baseline': boolean({ description: 'Write the baseline as things are now, instead of holding to it.', default: false }),
    'fail-on': option({
      description: prose(`
        Exit with 2 for more than what is missed: blocked clauses, danger, queries that are new to the baseline. With none
        never. Several are separated by commas.
      `),
      options: ['missed', 'blocked', 'danger', 'new', 'none'] as const,
      multiple: true,
      delimiter: ',',
    })({ helpValue: 'WHAT' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CheckPushdown);
    const answers = chooseAnswers(flags.output ?? [], flags.format === undefined && !flags.json ? undefined : chosenFormat(flags), formats);
    const output = this.output(flags);
    const spec = flags.spec ?? (existsSync(defaultSpec) ? defaultSpec : undefined);
    const failOn = flags['fail-on'] ?? [];
    if (failOn.includes('none') && failOn.length > 1) throw new UserError('usage', '--fail-on none contradicts the others.', { todo: 'Leave it or them out.' });
    const result = await checkPushdown({
      ...this.request({ spec, env: flags.env, database: flags.database }, output),
      files: args.files ?? [],
      query: flags.query,
      role: flags.role,
      baseline: flags.baseline,
      updateBaseline: flags['update-baseline'],
      timeLimitMs: flags['time-limit'] * 1000,
      remote: flags.remote,
      remoteUrls: flags['remote-url'] ?? [],
      analyze: flags.analyze,
      offline: offlineRequest(flags),
      statStatements: flags['from-stat-statements'] ? flags.top : undefined,
      jobs: flags.jobs,
      changedSince: flags['changed-since'],
      failOn: failOn.filter((each) => each !== 'missed' && each !== 'none'),
    });
    const { report, warnings } = result;
    if (!answers.some(({ format, file }) => format === 'json' && file === undefined)) output.warn(warnings);
    await writeAnswers(answers, output, (format, surface) => this.#render(result, format, surface ?? plainSurface));
    if (answers.some(({ format }) => format === 'github')) await writeStepSummary(process.env, pushdownMarkdown(report, baselineSentences(result.baseline)));
    if (report.queries.length === 0) output.hint(flags['changed-since'] === undefined ? 'pg_stat_statements has no statement to judge.' : `No file with queries has changed since ${flags['changed-since']}.`);
    if (report.summary.error > 0) process.exitCode = 1;
    else if (report.summary.missed > 0 && !failOn.includes('none')) process.exitCode = 2;
  }

  #render(result: CheckResult, format: (typeof formats)[number], surface: Surface): Pieces {
    const { report } = result;
    switch (format) {
      case 'text':
        return pushdownText(report, surface, baselineSentences(result.baseline));
      case 'json':
        return pushdownJson(result);
      case 'junit':
        return pushdownJunit(report);
      case 'sarif':
        return pushdownSarif(report, repositoryPaths(process.cwd()), this.config.version);
      case 'github':
        return [pushdownGithub(report, repositoryPaths(process.cwd()))];
      case 'markdown':
        return [pushdownMarkdown(report, baselineSentences(result.baseline))];
    }
  }
}
