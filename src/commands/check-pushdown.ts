import { string } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { checkPushdown } from '../flows/check.ts';
import { pushdownJson } from '../report/pushdown-json.ts';
import { pushdownText } from '../report/pushdown-text.ts';
import { FdwCommand } from './base/command.ts';
import { prose } from './base/prose.ts';
import { chosenFormat, databaseFlag, environmentFlag, formatFlag, jsonFlag } from './base/flags.ts';

const defaultSpec = 'fdw.yaml';

export default class CheckPushdown extends FdwCommand {
  static override summary = 'Judge which parts of queries run on the remote servers.';
  static override description = prose(`
    EXPLAINs each statement, executes none, and says for each part of it whether it is pushed down to the remote
    or done here, why, and what the remote is asked for. Takes SQL files, --query, standard input (-), or without any of
    them what the spec lists under \`pushdown\`. In a file, a comment above a statement holds it to something:
    -- fdw: name=recent-orders expect=full

    Exits with 2 when an expectation is missed, with 1 when a query could not be judged at all (1 wins).
  `);
  static override examples = [
    { description: 'Judge what the spec lists', command: '<%= config.bin %> check-pushdown' },
    { description: 'Judge files', command: '<%= config.bin %> check-pushdown queries/*.sql' },
    { description: 'Judge one query', command: `<%= config.bin %> check-pushdown --query 'SELECT count(*) FROM shop.orders'` },
    { description: 'Judge standard input, as the role that will run it', command: '<%= config.bin %> check-pushdown - --role analyst < report.sql' },
  ];
  static override args = {
    files: string({ description: 'SQL files; - is standard input.', multiple: true, ignoreStdin: true }),
  };
  static override flags = {
    query: stringFlag({ description: 'A query to judge, beside or instead of files.', helpValue: 'SQL' }),
    spec: stringFlag({
      description: `The spec; - is standard input. Without it: ${defaultSpec}, if there is one; files and --query do without.`,
      helpValue: 'FILE',
    }),
    env: environmentFlag,
    database: databaseFlag,
    role: stringFlag({ description: "EXPLAIN as this role, instead of the spec's.", helpValue: 'ROLE' }),
    format: formatFlag(['text', 'json']),
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CheckPushdown);
    const json = chosenFormat(flags) === 'json';
    const output = this.output(flags);
    const spec = flags.spec ?? (existsSync(defaultSpec) ? defaultSpec : undefined);
    const { report, warnings } = await checkPushdown({
      ...this.request({ spec, env: flags.env, database: flags.database }, output),
      files: args.files ?? [],
      query: flags.query,
      role: flags.role,
    });
    if (json) output.answerJson(pushdownJson(report, warnings));
    else {
      output.warn(warnings);
      output.answer(pushdownText(report, output.out));
    }
    if (report.summary.error > 0) process.exitCode = 1;
    else if (report.summary.missed > 0) process.exitCode = 2;
  }
}
