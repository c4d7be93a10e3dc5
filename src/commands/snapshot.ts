import { string } from '@oclif/core/flags';
import { writeFile } from 'node:fs/promises';
import { takeSnapshot } from '../flows/take-snapshot.ts';
import { count } from '../report/text.ts';
import { writing } from './base/files.ts';
import { databaseFlag, environmentFlag, secretFlags, specFlag } from './base/flags.ts';
import { FdwCommand } from './base/command.ts';
import { prose } from './base/prose.ts';

export default class Snapshot extends FdwCommand {
  static override summary = 'Write down what the remotes have, for reviews and for work without them.';
  static override description = prose(`
    Reads, through the servers, what the spec imports: relations, columns with their types, keys, the types that they need, version and
    collation. No data, no secret, no address. The file is sorted, a line for each column: commit it, and a pull request shows
    what a remote has changed. plan, validate, check-pushdown --offline and drift take it with --snapshot. Changes nothing.
  `);
  static override examples = [
    { description: 'Write it', command: '<%= config.bin %> snapshot --out fdw.snapshot.json' },
    { description: 'Compare with the committed one', command: '<%= config.bin %> snapshot | diff fdw.snapshot.json -' },
    { description: 'Plan with it, where the remotes cannot be reached', command: '<%= config.bin %> plan --snapshot fdw.snapshot.json' },
  ];
  static override flags = {
    spec: specFlag,
    env: environmentFlag,
    database: databaseFlag,
    out: string({ description: 'The file to write; without it, or with -, standard output.', helpValue: 'FILE', default: '-' }),
    'expose-secrets': secretFlags['expose-secrets'],
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Snapshot);
    const output = this.output(flags);
    const { text, counts, warnings } = await takeSnapshot(this.request(flags, output));
    output.warn(warnings);
    if (flags.out === '-') {
      output.answer(text.trimEnd());
      return;
    }
    await writing(flags.out, (path) => writeFile(path, text));
    output.hint(`Wrote ${flags.out}: ${count(counts.relations, 'relation')} of ${count(counts.schemas, 'remote schema')} behind ${count(counts.servers, 'server')}.`);
  }
}
