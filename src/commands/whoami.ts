import { string as argument } from '@oclif/core/args';
import { integer, string } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { whoami } from '../flows/whoami.ts';
import { linksOf } from '../model/access.ts';
import { whoamiJson } from '../report/whoami-json.ts';
import { whoamiText } from '../report/whoami-text.ts';
import { FdwCommand } from './base/command.ts';
import { chosenFormat, databaseFlag, environmentFlag, formatFlag, jsonFlag } from './base/flags.ts';
import { prose } from './base/prose.ts';

const defaultSpec = 'fdw.yaml';

export default class Whoami extends FdwCommand {
  static override summary = 'Follow a role through views and user mappings to who it is on the remote.';
  static override description = prose(`
    Shows every link from a role to what stands behind a foreign table: views and as whom they read, privileges, the user mapping, its
    password, the remote role, and what that may read there. Names the link that is missing, and the statement that adds it. Changes
    nothing. Without OBJECT: all servers that the role reaches, and as whom.

    Exits with 2 where a link is missing.
  `);
  static override examples = [
    { description: 'Why can rep not read the view?', command: '<%= config.bin %> whoami rep public.vo' },
    { description: 'Where does it get to at all?', command: '<%= config.bin %> whoami rep' },
    { description: 'A name with a dot in it, for a program', command: `<%= config.bin %> whoami rep '"odd.schema".orders' --json` },
  ];
  static override args = {
    role: argument({ description: 'A role of the local database.', required: true }),
    object: argument({ description: 'A foreign table, a view, a materialized view, a partitioned table, a function: schema.name, as it is stored.' }),
  };
  static override flags = {
    spec: string({ description: `A spec, for its \`database\`. Without it: ${defaultSpec}, if there is one.`, helpValue: 'FILE' }),
    env: environmentFlag,
    database: databaseFlag,
    format: formatFlag(['text', 'json']),
    json: jsonFlag,
    jobs: integer({ description: 'How many servers are asked at once, each over a connection of its own to the database.', helpValue: 'N', default: 4, min: 1, max: 64 }),
    patience: integer({ description: 'Seconds that a server may take to answer before it counts as unknown.', helpValue: 'SECONDS', default: 15, min: 1, max: 3600 }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Whoami);
    const output = this.output(flags);
    const result = await whoami({
      ...this.request({ spec: flags.spec ?? (existsSync(defaultSpec) ? defaultSpec : undefined), env: flags.env, database: flags.database }, output),
      role: args.role,
      object: args.object,
      jobs: flags.jobs,
      patience: flags.patience * 1000,
    });
    if (chosenFormat(flags) === 'json') output.answerJson(whoamiJson(result));
    else {
      output.warn(result.warnings);
      output.answer(whoamiText(result, output.out));
    }
    if (linksOf(result.access).some(({ state }) => state === 'missing')) process.exitCode = 2;
  }
}
