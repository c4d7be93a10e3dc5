import { string } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { explainQuery } from '../flows/explain.ts';
import { explainJson } from '../report/explain-json.ts';
import { explainText, rulesIn } from '../report/explain-text.ts';
import { wrap } from '../report/text.ts';
import { FdwCommand } from './base/command.ts';
import { chosenFormat, databaseFlag, defaultSpec, environmentFlag, formatFlag, jsonFlag, judgeFlags, offlineRequest } from './base/flags.ts';
import { prose } from './base/prose.ts';

export default class Explain extends FdwCommand {
  static override summary = "Tell one query's story: what of it runs where, why, and what would help.";
  static override description = prose(`
    EXPLAINs the query, without executing it (but for --analyze), and prints its plan as a tree: what the remote does, what is sent to
    it, what comes back, and what is done here; then each clause with its place, the reasons why it is here, and remedies that were tried.

    Exits with 1 when the query cannot be judged. To hold queries to something, use check-pushdown.
  `);
  static override examples = [
    { description: 'Explain a query', command: "<%= config.bin %> explain 'SELECT count(*) FROM shop.orders WHERE created_at > now()'" },
    { description: 'Explain what is in a file, as the role that will run it', command: '<%= config.bin %> explain report.sql --role analyst' },
    { description: 'Explain one of several in a file', command: '<%= config.bin %> explain queries.sql --name revenue' },
    { description: 'Explain without any database', command: '<%= config.bin %> explain report.sql --offline --schema schema.sql' },
    { description: 'Explain standard input, and say what really comes', command: '<%= config.bin %> explain - --analyze < report.sql' },
  ];
  static override args = {
    query: string({ description: 'A query, a file that has it, or - for standard input.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    name: stringFlag({ description: 'The name, or FILE:LINE, of the query in a file that has several.', helpValue: 'NAME' }),
    spec: stringFlag({ description: `The spec, for its database and role. Without it: ${defaultSpec}, if there is one.`, helpValue: 'FILE' }),
    env: environmentFlag,
    database: databaseFlag,
    ...judgeFlags,
    format: formatFlag(['text', 'json']),
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const json = chosenFormat(flags) === 'json';
    const output = this.output(flags);
    const spec = flags.spec ?? (existsSync(defaultSpec) ? defaultSpec : undefined);
    const result = await explainQuery({
      ...this.request({ spec, env: flags.env, database: flags.database }, output),
      query: args.query,
      name: flags.name,
      role: flags.role,
      timeLimitMs: flags['time-limit'] * 1000,
      remote: flags.remote,
      remoteUrls: flags['remote-url'] ?? [],
      analyze: flags.analyze,
      offline: offlineRequest(flags),
    });
    const { query, warnings } = result;
    if (json) output.answerJson(explainJson(result));
    else {
      output.warn(warnings);
      output.answer(explainText(query, output.out));
      const rules = rulesIn(query);
      if (rules.length > 0) output.hint(wrap(`More: ${rules.map((id) => `fdw rules ${id}`).join(', ')}`, output.err.width, 0, 2));
    }
    if (query.verdict === 'error') process.exitCode = 1;
  }
}
