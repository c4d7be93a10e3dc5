import { option, string } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { visible } from '../report/text.ts';
import { askText, askYesNo, canAsk } from './base/ask.ts';
import { FdwCommand } from './base/command.ts';
import { prose } from './base/prose.ts';
import { writing } from './base/files.ts';
import type { Output } from './base/output.ts';

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
    spec: string({ description: 'Where to write the spec; - is standard output. Default: fdw.yaml.', helpValue: 'FILE' }),
    ci: option({ description: 'The CI system to write a workflow for. Default: none.', options: ['github', 'none'] as const })({
      helpValue: '<github|none>',
    }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    const output = this.output(flags);
    const spec = flags.spec ?? (canAsk() ? await askText('Where shall the spec go?', 'fdw.yaml', this.signal) : 'fdw.yaml');
    if (spec === '-') {
      if (flags.ci === 'github') throw noFileForWorkflow();
      output.answer((await this.#template('fdw.yaml')).trimEnd());
      return;
    }
    refuseExisting(spec);
    const ci = flags.ci ?? (canAsk() && (await askYesNo('Write a GitHub workflow that checks it?', this.signal)) ? 'github' : 'none');
    if (ci === 'github') refuseExisting(workflow);

    await write(spec, await this.#template('fdw.yaml'), output);
    if (ci === 'github') await write(workflow, workflowFor(spec, await this.#template('github-workflow.yml')), output);
    output.hint(`Change it to your servers, then check it with \`fdw validate${spec === 'fdw.yaml' ? '' : ` --spec ${visible(spec)}`}\`.`);
  }

  #template(name: string): Promise<string> {
    return readFile(join(this.config.root, 'templates', name), 'utf8');
  }
}

/** The workflow names its spec once, at the top; a JSON string is a YAML one. */
function workflowFor(spec: string, template: string): string {
  return spec === 'fdw.yaml' ? template : template.replace('SPEC: fdw.yaml', () => `SPEC: ${JSON.stringify(spec)}`);
}

async function write(path: string, text: string, output: Output): Promise<void> {
  await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' }); // Never over a file that came meanwhile.
  });
  output.answer(`Wrote ${visible(path)}`);
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new UserError('file-exists', `${visible(path)} exists already; nothing was written.`, {
    todo: 'Choose another name with --spec, or move the file away.',
  });
}

function noFileForWorkflow(): UserError {
  return new UserError('usage', 'A workflow needs a spec that is a file, and --spec - writes none.', { todo: 'Leave out --ci, or name a file.' });
}
