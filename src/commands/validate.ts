import { string } from '@oclif/core/flags';
import { validateSpec } from '../flows/validate.ts';
import { validationJson, validationText } from '../report/validation.ts';
import { FdwCommand } from './base/command.ts';
import { prose } from './base/prose.ts';
import { chosenFormat, environmentFlag, formatFlag, jsonFlag, specFlag } from './base/flags.ts';
import { readStdin } from './base/streams.ts';

export default class Validate extends FdwCommand {
  static override summary = 'Check a spec without any server.';
  static override description = prose(`
    Finds what can be found without a database: bad YAML, unknown keys, wrong types, missing environment
    variables, names that nothing has. All problems come at once, each with its line.
  `);
  static override examples = [
    { description: 'Check fdw.yaml', command: '<%= config.bin %> validate' },
    { description: 'Check another file, for a program to read', command: '<%= config.bin %> validate --spec staging.yaml --json' },
    { description: 'Find tables that the remotes do not have, without asking them', command: '<%= config.bin %> validate --snapshot fdw.snapshot.json' },
    { description: 'Check what another program wrote', command: '<%= config.bin %> validate --spec - < generated.yaml' },
  ];
  static override flags = {
    spec: specFlag,
    env: environmentFlag,
    snapshot: string({ description: 'Hold the tables that the spec names against this file, which fdw snapshot wrote.', helpValue: 'FILE' }),
    format: formatFlag(['text', 'json']),
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Validate);
    const json = chosenFormat(flags) === 'json';
    const output = this.output(flags);
    const result = await validateSpec({ specPath: flags.spec, environment: flags.env, snapshot: flags.snapshot, env: process.env, readStdin: () => readStdin(this.signal) });
    if (json) {
      output.answerJson(validationJson(result));
    } else {
      output.warn(result.warnings);
      output.answer(validationText(flags.spec, result, output.out));
    }
  }
}
