import { option, string } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { copyFile, constants, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { visible } from '../report/text.ts';
import { askText, askYesNo, canAsk } from './base/ask.ts';
import { FdwCommand } from './base/command.ts';
import { prose } from './base/prose.ts';
import { writing } from './base/files.ts';

const workflow = join('.github', 'workflows', 'fdw.yml');

export default class Init extends FdwCommand {
  static override summary = 'Write a starter spec, and a CI workflow if you want one.';
  static override description = prose(`
    At a terminal it asks where the spec goes and whether there shall be a workflow; flags answer beforehand.
    Without a terminal the flags and their defaults decide. Existing files are never overwritten.
  `);
  static override examples = [
    { description: 'Begin', command: '<%= config.bin %> init' },
    { description: 'Without questions: a spec, and a GitHub workflow that checks it', command: '<%= config.bin %> init --spec fdw.yaml --ci github' },
  ];
  static override flags = {
    spec: string({ description: 'Where to write the spec. Default: fdw.yaml.', helpValue: 'FILE' }),
    ci: option({ description: 'The CI system to write a workflow for. Default: none.', options: ['github', 'none'] as const })({
      helpValue: '<github|none>',
    }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    const output = this.output(flags);
    const spec = flags.spec ?? (canAsk() ? await askText('Where shall the spec go?', 'fdw.yaml', this.signal) : 'fdw.yaml');
    const ci = flags.ci ?? (canAsk() && (await askYesNo('Write a GitHub workflow that checks it?', this.signal)) ? 'github' : 'none');

    const files = [{ template: 'fdw.yaml', path: spec }, ...(ci === 'github' ? [{ template: 'github-workflow.yml', path: workflow }] : [])];
    const existing = files.find(({ path }) => existsSync(path));
    if (existing !== undefined) throw alreadyThere(existing.path);
    for (const { template, path } of files) {
      await writing(path, async () => {
        await mkdir(dirname(path), { recursive: true });
        await copyFile(join(this.config.root, 'templates', template), path, constants.COPYFILE_EXCL);
      });
      output.answer(`Wrote ${visible(path)}`);
    }
    output.hint(`Change it to your servers, then check it with \`fdw validate${spec === 'fdw.yaml' ? '' : ` --spec ${visible(spec)}`}\`.`);
  }
}

function alreadyThere(path: string): UserError {
  return new UserError('file-exists', `${visible(path)} exists already; nothing was written.`, {
    todo: 'Choose another name with --spec, or move the file away.',
  });
}
