import { string } from '@oclif/core/args';
import { boolean, integer } from '@oclif/core/flags';
import { readFile } from 'node:fs/promises';
import { UserError } from '../base/user-error.ts';
import type { ApplyOptions, ApplyResult, FlowRequest, PreparedApply } from '../flows/types.ts';
import { applyJson } from '../report/apply-json.ts';
import { appliedLine } from '../report/plan-summary.ts';
import { planText } from '../report/plan-text.ts';
import { allowFlag } from './base/allow-flag.ts';
import { approve } from './base/approve.ts';
import { planAsking } from './base/ask-renames.ts';
import { FdwCommand } from './base/command.ts';
import { durationFlag, milliseconds } from './base/duration.ts';
import { prose } from './base/prose.ts';
import { reading } from './base/files.ts';
import { chosenFormat, databaseFlag, environmentFlag, formatFlag, jsonFlag, secretFlags, specFlag } from './base/flags.ts';
import type { Output } from './base/output.ts';

/* Milliseconds after which the server has statements in hand. */
const workedUp = 100;

export default class Apply extends FdwCommand {
  static override summary = 'Carry out a plan, after showing it and asking.';
  static override description = prose(`
    Without PLANFILE it plans first, as \`fdw plan\` does. It shows the plan, asks, and runs everything in one
    transaction: all of it or nothing. Without a terminal it needs --yes. A plan that drops or replaces something wants the
    database's name typed. A plan with a hazard that needs consent is refused without --allow.
    A PLANFILE is refused when the database has changed since it was made.
  `);
  static override examples = [
    { description: 'Plan, show, ask, carry out', command: '<%= config.bin %> apply' },
    { description: 'In CI, where nobody can be asked', command: '<%= config.bin %> apply --yes' },
    { description: 'Consent to what the plan says that it needs', command: '<%= config.bin %> apply --allow table-replaced,dependents-recreated' },
    { description: 'Carry out a plan that was saved and reviewed', command: '<%= config.bin %> plan --out fdw.plan && <%= config.bin %> apply fdw.plan --yes' },
  ];
  static override args = {
    planfile: string({ description: 'A plan from `fdw plan --out`; - is standard input.', ignoreStdin: true }),
  };
  static override flags = {
    allow: allowFlag,
    yes: boolean({ char: 'y', description: 'Approve the plan without being asked.' }),
    verify: boolean({ default: true, allowNo: true, description: 'Connect through each user mapping that was touched, and roll back where the remote refuses it.' }),
    batch: boolean({ description: 'Carry out a plan that is too large for one transaction in several, each whole in itself; after an interruption the same command goes on.' }),
    wait: durationFlag('How long to wait for another apply on the same database to end; 0 gives up at once.', '5s'),
    'lock-timeout': durationFlag('How long one statement waits for a lock, so that others do not queue behind it; 0 is no limit.', '5s'),
    retries: integer({ description: 'How often everything is rolled back and tried again when a lock does not come, after pauses of 1, 2, 4 … seconds.', min: 0, max: 100, default: 3, helpValue: 'N' }),
    'statement-timeout': durationFlag('How long one statement may run; 0 is no limit.', '5min'),
    ...secretFlags,
    spec: specFlag,
    env: environmentFlag,
    database: databaseFlag,
    format: formatFlag(['text', 'json']),
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Apply);
    const json = chosenFormat(flags) === 'json';
    const output = this.output(flags);
    if (json && !flags.yes) {
      throw new UserError('approval-needed', 'apply asks before it changes anything, and with JSON it cannot ask.', { todo: 'Approve with --yes.' });
    }
    if (args.planfile !== undefined && flags.env !== undefined) {
      throw new UserError('usage', 'A plan file and --env contradict each other.', { todo: 'The plan file has the environment that it was made in: leave out --env.' });
    }
    const options: ApplyOptions = {
      tryMappings: flags.verify,
      allow: flags.allow ?? [],
      batch: flags.batch,
      retries: flags.retries,
      wait: milliseconds('wait', flags.wait),
      lockTimeout: milliseconds('lock-timeout', flags['lock-timeout']),
      statementTimeout: milliseconds('statement-timeout', flags['statement-timeout']),
    };
    const prepared = await this.#prepare(args.planfile, this.request(flags, output), flags.yes, output);
    try {
      await this.#carryOut(prepared, { json, yes: flags.yes, options }, output);
    } finally {
      await prepared.close();
    }
  }

  async #prepare(planFile: string | undefined, request: FlowRequest, approved: boolean, output: Output): Promise<PreparedApply> {
    // Each loaded when it is wanted: what plans is larger than what carries out.
    if (planFile === undefined) {
      const { prepareApply } = await import('../flows/apply.ts');
      return approved ? prepareApply(request) : planAsking(prepareApply, request, output, async (plan) => plan.close());
    }
    const { prepareApplyFromFile } = await import('../flows/apply-from-file.ts');
    const text = planFile === '-' ? await request.readStdin() : await reading(planFile, (path) => readFile(path, 'utf8'));
    return prepareApplyFromFile(request, text);
  }

  async #carryOut(prepared: PreparedApply, how: { readonly json: boolean; readonly yes: boolean; readonly options: ApplyOptions }, output: Output): Promise<void> {
    const { plan, warnings } = prepared;
    let shown = how.json;
    const show = (): void => {
      if (shown) return;
      shown = true;
      output.warn(warnings);
      output.answer(planText(plan, output.out));
    };
    if (!how.yes) show();
    const result = await this.#approved(prepared, how, output, show).finally(show);
    const untried = (result?.notices ?? []).map(({ address, message }) => ({ message: `${address} ${message}`, at: undefined }));
    if (how.json) output.answerJson(applyJson(plan, [...warnings, ...untried], result));
    else output.warn(untried);
    if (!how.json && result !== undefined) output.answer(`\n${output.out.style.bold(appliedLine(result.applied))}`);
  }

  /** @returns undefined where there is nothing to do */
  async #approved(prepared: PreparedApply, how: { readonly yes: boolean; readonly options: ApplyOptions }, output: Output, show: () => void): Promise<ApplyResult | undefined> {
    prepared.refuse(how.options);
    if (prepared.plan.changes.length === 0) return undefined;
    if (!how.yes) await approve(prepared.plan, this.signal);
    // Where nobody is asked, a long plan is written while the server is at work on it.
    const writing = setTimeout(() => {
      show();
      output.restartProgress();
    }, workedUp);
    return prepared.execute(how.options).finally(() => {
      clearTimeout(writing);
    });
  }
}
