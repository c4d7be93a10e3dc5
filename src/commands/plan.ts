import { string, boolean } from '@oclif/core/flags';
import { writeFile } from 'node:fs/promises';
import { planFromSpec } from '../flows/plan.ts';
import { hazardsOfWeight } from '../model/consent.ts';
import { serialisePlan } from '../plan/plan-file.ts';
import { planJson } from '../report/plan-json.ts';
import { planScript } from '../report/plan-script.ts';
import { applyCommand } from '../report/plan-summary.ts';
import { planText } from '../report/plan-text.ts';
import { planAsking } from './base/ask-renames.ts';
import { FdwCommand } from './base/command.ts';
import { prose } from './base/prose.ts';
import { writing } from './base/files.ts';
import { chosenFormat, databaseFlag, environmentFlag, formatFlag, jsonFlag, secretFlags, snapshotFlag, specFlag } from './base/flags.ts';

export default class Plan extends FdwCommand {
  static override summary = 'Show what would bring the database to what the spec says.';
  static override description = prose(`
    Reads the catalogs of the local database and, for imported schemas, the remote through its server, and
    prints the changes, each with its SQL and with what it may hurt. Changes nothing.
  `);
  static override examples = [
    { description: 'Show the changes', command: '<%= config.bin %> plan' },
    { description: 'For another database than the spec names', command: '<%= config.bin %> plan --database postgresql://deploy@db-1/analytics' },
    { description: 'In an environment of the spec', command: '<%= config.bin %> plan --env staging' },
    { description: 'Fail in CI when the database is not what the spec says', command: '<%= config.bin %> plan --detailed-exitcode' },
    { description: 'Save a plan and carry out exactly that', command: '<%= config.bin %> plan --out fdw.plan && <%= config.bin %> apply fdw.plan' },
    { description: 'Plan where the remotes cannot be reached', command: '<%= config.bin %> plan --snapshot fdw.snapshot.json' },
    { description: 'Run the changes with psql; passwords come from the environment', command: '<%= config.bin %> plan --format sql | psql analytics' },
  ];
  static override flags = {
    ...secretFlags,
    spec: specFlag,
    env: environmentFlag,
    database: databaseFlag,
    snapshot: snapshotFlag,
    drift: boolean({ default: true, allowNo: true, description: 'Say where foreign tables that the spec spells out differ from what stands behind them, without waiting long for it.' }),
    format: formatFlag(['text', 'json', 'sql']),
    json: jsonFlag,
    out: string({ description: 'Save the plan for `fdw apply FILE`; - is standard output, and nothing else is printed then.', helpValue: 'FILE' }),
    'detailed-exitcode': boolean({ description: 'Exit with 2 when there are changes.' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Plan);
    const format = chosenFormat(flags);
    const output = this.output(flags);
    const request = this.request(flags, output);
    // Whoever wants it for a program, or on standard output, is not asked.
    const { plan, madeFrom, warnings } = format === 'text' && flags.out !== '-' ? await planAsking(planFromSpec, request, output, async () => undefined) : await planFromSpec(request);
    if (format !== 'json') output.warn(warnings);
    if (flags.out !== undefined && flags.out !== '-') await writing(flags.out, (path) => writeFile(path, `${serialisePlan({ madeFrom, plan })}\n`));
    if (flags.out === '-') output.answer(serialisePlan({ madeFrom, plan }));
    else if (format === 'json') output.answerJson(planJson(plan, warnings));
    else if (format === 'sql') output.answer(planScript(plan));
    else {
      output.answer(planText(plan, output.out));
      if (plan.changes.length > 0 && hazardsOfWeight(plan, 'refused').length === 0) output.hint(`\nCarry it out with \`${applyCommand(plan, flags.out)}\`.`);
    }
    if (flags['detailed-exitcode'] && plan.changes.length > 0) process.exitCode = 2;
  }
}
