import { string } from '@oclif/core/args';
import { nearest } from '../base/nearest.ts';
import { UserError } from '../base/user-error.ts';
import { ruleIds } from '../model/rule-book.ts';
import { rulesJson } from '../report/rules-json.ts';
import { ruleText, rulesText } from '../report/rules-text.ts';
import { FdwCommand } from './base/command.ts';
import { chosenFormat, formatFlag, jsonFlag } from './base/flags.ts';
import { prose } from './base/prose.ts';

export default class Rules extends FdwCommand {
  static override summary = 'Say what the rules mean that check-pushdown and drift name.';
  static override description = prose(`
    Without an id, all of them on a line each. With one, its page: what was found, why PostgreSQL does it so, what to do, and an
    example with what check-pushdown says of it and what helps.
  `);
  static override examples = [
    { description: 'List them', command: '<%= config.bin %> rules' },
    { description: 'Read about one', command: '<%= config.bin %> rules mutable-function' },
  ];
  static override args = { id: string({ description: 'A rule.' }) };
  static override flags = { format: formatFlag(['text', 'json']), json: jsonFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Rules);
    const json = chosenFormat(flags) === 'json';
    const output = this.output(flags);
    const { id } = args;
    if (id !== undefined && !ruleIds.includes(id)) {
      const near = nearest(id, ruleIds);
      throw new UserError('no-such-rule', `There is no rule ${id}.`, { todo: near === undefined ? '`fdw rules` lists them.' : `Did you mean ${near}? \`fdw rules\` lists all.` });
    }
    if (json) output.answerJson(rulesJson(id));
    else output.answer(id === undefined ? rulesText(output.out) : ruleText(id, output.out));
  }
}
