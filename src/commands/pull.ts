import { boolean, string } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Problem } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { pullSpec, type PullResult } from '../flows/pull.ts';
import { visible } from '../report/text.ts';
import { FdwCommand } from './base/command.ts';
import { writing } from './base/files.ts';
import { databaseFlag } from './base/flags.ts';
import type { Output } from './base/output.ts';
import { prose } from './base/prose.ts';

export default class Pull extends FdwCommand {
  static override summary = 'Write a spec from an existing database.';
  static override description = prose(`
    Writes servers, user mappings and foreign tables of the local database as a spec that plans to no changes
    there. Tables that an import of a remote schema gives are written as an imported schema: the remotes are asked,
    through their servers. Secrets become references to environment variables; what a spec cannot say is listed at
    its top. Changes nothing.
  `);
  static override examples = [
    { description: 'Begin with what is there', command: '<%= config.bin %> pull --database postgresql://deploy@db-1/analytics --out fdw.yaml' },
    { description: 'Only two servers and their tables', command: '<%= config.bin %> pull --server shop --server billing' },
    { description: 'Only the foreign tables of one schema, and the servers they are on', command: '<%= config.bin %> pull --schema reporting' },
  ];
  static override flags = {
    database: databaseFlag,
    server: string({ description: 'Only this server with its user mappings and tables. May be given several times.', helpValue: 'NAME', multiple: true }),
    schema: string({ description: 'Only the foreign tables of this local schema. May be given several times.', helpValue: 'NAME', multiple: true }),
    'no-remote': boolean({ description: 'Ask no remote: spell all foreign tables out.' }),
    out: string({ description: 'Write to this file, which must not exist; - is standard output, the default.', helpValue: 'FILE', default: '-' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Pull);
    const { out } = flags;
    const output = this.output(flags);
    if (out !== '-' && existsSync(out)) throw alreadyThere(out);
    const result = await pullSpec({
      database: flags.database,
      env: process.env,
      progress: output.progress,
      signal: this.signal,
      askRemotes: !flags['no-remote'],
      filter: { servers: flags.server ?? [], schemas: flags.schema ?? [] },
    });
    output.warn(warningsOf(result));
    if (out === '-') output.answer(result.text.trimEnd());
    else {
      // Should it have come into being meanwhile, it still is not overwritten.
      await writing(out, (path) => writeFile(path, result.text, { flag: 'wx' }));
      output.answer(`Wrote ${visible(out)}`);
    }
    remark(result, out, output);
  }
}

function warningsOf({ warnings, unsaid, unread, hiddenMappings }: PullResult): readonly Problem[] {
  return [
    ...warnings,
    ...(unsaid.length === 0 ? [] : [{ message: `not everything can be said in a spec: ${unsaid.length} ${unsaid.length === 1 ? 'remark' : 'remarks'}`, at: undefined, hint: 'the comment at its top lists them' }]),
    ...unread.map((line) => ({ message: `a remote could not be asked whether tables were imported: ${line}`, at: undefined, hint: 'they are spelled out; --no-remote does not ask' })),
    ...(hiddenMappings === 0
      ? []
      : [{ message: `the options of ${hiddenMappings} user ${hiddenMappings === 1 ? 'mapping are' : 'mappings are'} hidden from this role`, at: undefined, hint: 'pull as a superuser or the owner of the server, or fill them in' }]),
  ];
}

function remark({ counts, variables }: PullResult, out: string, output: Output): void {
  if (counts.servers === 0) return output.hint('The database has no foreign servers: the spec is empty.');
  const wanted = variables.length === 0 ? '' : `Set ${variables.length === 1 ? 'the variable' : `the ${variables.length} variables`} that its comment names, then s`;
  output.hint(`${wanted === '' ? 'S' : wanted}ee that nothing would change with \`fdw plan${out === '-' || out === 'fdw.yaml' ? '' : ` --spec ${visible(out)}`}\`.`);
}

function alreadyThere(path: string): UserError {
  return new UserError('file-exists', `${visible(path)} exists already; nothing was written.`, {
    todo: 'Choose another name with --out, or move the file away.',
  });
}
