import { boolean, integer, option, string } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../base/user-error.ts';
import { type DoctorRequest, type DoctorResult, examine } from '../flows/doctor.ts';
import { doctorGithub } from '../report/doctor-github.ts';
import { doctorJson } from '../report/doctor-json.ts';
import { doctorJunit } from '../report/doctor-junit.ts';
import { doctorMarkdown } from '../report/doctor-markdown.ts';
import { doctorSarif } from '../report/doctor-sarif.ts';
import { counted } from '../report/doctor-summary.ts';
import { doctorText } from '../report/doctor-text.ts';
import type { Pieces } from '../report/pieces.ts';
import { plainSurface, type Surface } from '../report/style.ts';
import { type Answer, chooseAnswers, writeAnswers } from './base/answers.ts';
import { FdwCommand } from './base/command.ts';
import { chosenFormat, databaseFlag, environmentFlag, formatFlag, jsonFlag, outputFlag } from './base/flags.ts';
import type { Output } from './base/output.ts';
import { prose } from './base/prose.ts';
import { repositoryPaths } from './base/repository.ts';
import { writeStepSummary } from './base/step-summary.ts';

const defaultSpec = 'fdw.yaml';
const formats = ['text', 'json', 'markdown', 'github', 'junit', 'sarif'] as const;

type Format = (typeof formats)[number];

export default class Doctor extends FdwCommand {
  static override summary = 'Look at how the foreign servers are, as the database sees them.';
  static override description = prose(`
    Logs in through each server with each of its user mappings and says what it found: reachable, TLS, version, primary or standby,
    replication lag, encodings and collations, limits, row security, extensions, options that are slow for what the tables hold. Holds
    servers to what the spec expects of them. Changes nothing, here or there.

    Exits with 2 when something failed: a login that is refused, an expectation that is missed. docs/doctor.md explains each check.
  `);
  static override examples = [
    { description: 'All servers of the database', command: '<%= config.bin %> doctor' },
    { description: 'One of them, as JSON', command: '<%= config.bin %> doctor --server shop --json' },
    { description: 'Again every ten seconds, during a failover', command: '<%= config.bin %> doctor --server shop --watch --interval 10' },
    { description: 'In CI: warnings, and what could not be told, count too', command: '<%= config.bin %> doctor --fail-on warning' },
    { description: 'In a nightly workflow of GitHub', command: '<%= config.bin %> doctor --format github --output junit=doctor.xml' },
  ];
  static override flags = {
    server: string({ description: 'Only this server. May be given several times.', helpValue: 'NAME', multiple: true }),
    spec: string({ description: `A spec, for its \`database\` and what it expects of servers. Without it: ${defaultSpec}, if there is one.`, helpValue: 'FILE' }),
    env: environmentFlag,
    database: databaseFlag,
    format: formatFlag(formats),
    json: jsonFlag,
    output: outputFlag,
    'fail-on': option({ description: 'Exit with 2 from this level on; warning takes in what is unknown.', options: ['fail', 'warning', 'none'] as const, default: 'fail' as const })({ helpValue: 'LEVEL' }),
    jobs: integer({ description: 'How many servers are looked at at once, each over a connection of its own to the database.', helpValue: 'N', default: 4, min: 1, max: 64 }),
    patience: integer({ description: 'Seconds that a server may take to answer.', helpValue: 'SECONDS', default: 15, min: 1, max: 3600 }),
    watch: boolean({ description: 'Do it again and again, until Ctrl-C.' }),
    interval: integer({ description: 'Seconds from one to the next with --watch.', helpValue: 'SECONDS', default: 5, min: 1, max: 86_400 }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const answers = chooseAnswers(flags.output ?? [], flags.format === undefined && !flags.json ? undefined : chosenFormat(flags), formats);
    const shown = answers.find(({ file }) => file === undefined)?.format;
    if (flags.watch && shown !== 'text' && shown !== 'json') throw new UserError('usage', `--watch shows text or JSON again and again, not ${shown ?? 'nothing'}.`, { todo: 'Leave out --watch, or write the format to a file: --output FORMAT=FILE.' });
    const output = this.output(flags);
    const request: DoctorRequest = {
      ...this.request({ spec: flags.spec ?? (existsSync(defaultSpec) ? defaultSpec : undefined), env: flags.env, database: flags.database }, output),
      servers: flags.server ?? [],
      jobs: flags.jobs,
      patience: flags.patience * 1000,
    };
    if (!flags.watch) return this.#once(request, answers, flags['fail-on'], output);
    for (;;) {
      await this.#once(request, answers, flags['fail-on'], output);
      await this.#pause(flags.interval);
      if (shown === 'text') output.answer(`\n${output.out.style.dim(new Date().toISOString())}`);
    }
  }

  async #once(request: DoctorRequest, answers: readonly Answer<Format>[], failOn: 'fail' | 'warning' | 'none', output: Output): Promise<void> {
    const result = await examine(request);
    if (!answers.some(({ format, file }) => format === 'json' && file === undefined)) output.warn(result.warnings);
    await writeAnswers(answers, output, (format, surface) => this.#render(result, format, surface ?? plainSurface));
    if (answers.some(({ format }) => format === 'github')) await writeStepSummary(process.env, doctorMarkdown(result.servers));
    process.exitCode = fails(result, failOn) ? 2 : 0;
  }

  #render(result: DoctorResult, format: Format, surface: Surface): Pieces {
    switch (format) {
      case 'text':
        return [doctorText(result, surface)];
      case 'json':
        return [JSON.stringify(doctorJson(result), null, 2)];
      case 'markdown':
        return [doctorMarkdown(result.servers)];
      case 'github':
        return [doctorGithub(result, repositoryPaths(process.cwd()))];
      case 'junit':
        return [doctorJunit(result.servers)];
      case 'sarif':
        return doctorSarif(result, repositoryPaths(process.cwd()), this.config.version);
    }
  }

  async #pause(seconds: number): Promise<void> {
    try {
      await sleep(seconds * 1000, undefined, { signal: this.signal });
    } catch {
      throw new UserError('interrupted', 'Interrupted.');
    }
  }
}

function fails({ servers }: DoctorResult, level: 'fail' | 'warning' | 'none'): boolean {
  if (level === 'none') return false;
  return counted(servers, 'fail') > 0 || (level === 'warning' && counted(servers, 'warning') + counted(servers, 'unknown') > 0);
}
