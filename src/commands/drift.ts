import { integer, option, string } from '@oclif/core/flags';
import { existsSync } from 'node:fs';
import { driftClasses } from '../model/drift.ts';
import { remoteDrift, type DriftResult } from '../flows/drift.ts';
import { driftGithub } from '../report/drift-github.ts';
import { driftJson } from '../report/drift-json.ts';
import { driftJunit } from '../report/drift-junit.ts';
import { driftMarkdown } from '../report/drift-markdown.ts';
import { driftSarif } from '../report/drift-sarif.ts';
import { driftText } from '../report/drift-text.ts';
import type { Pieces } from '../report/pieces.ts';
import { plainSurface, type Surface } from '../report/style.ts';
import { chooseAnswers, writeAnswers } from './base/answers.ts';
import { FdwCommand } from './base/command.ts';
import { chosenFormat, databaseFlag, environmentFlag, formatFlag, jsonFlag, outputFlag } from './base/flags.ts';
import { prose } from './base/prose.ts';
import { repositoryPaths } from './base/repository.ts';
import { writeStepSummary } from './base/step-summary.ts';

const defaultSpec = 'fdw.yaml';
const formats = ['text', 'json', 'markdown', 'github', 'junit', 'sarif'] as const;

export default class Drift extends FdwCommand {
  static override summary = 'Compare every foreign table with what stands behind it.';
  static override description = prose(`
    Looks through each server, as the database sees it, at what its foreign tables stand for: relations and columns that are
    gone, new or renamed, types, NOT NULL, CHECKs, collations, enums, privileges. Says of each difference what it does to
    queries, and the SQL that mends it here. Takes every foreign table of the database, whether a spec names it or not. Changes
    nothing.

    Exits with 2 on drift, and where a server could not be looked at.
  `);
  static override examples = [
    { description: 'Compare everything', command: '<%= config.bin %> drift' },
    { description: 'Of one server, in another database than the spec names', command: '<%= config.bin %> drift --server shop --database postgresql://deploy@db-1/analytics' },
    { description: 'Fail only for what gives wrong results or breaks', command: '<%= config.bin %> drift --fail-on will-break' },
    { description: 'Look at 1,000 rows of each table too: are they where partition bounds say?', command: '<%= config.bin %> drift --sample 1000' },
    { description: 'What the remotes have changed since the snapshot was committed', command: '<%= config.bin %> drift --snapshot fdw.snapshot.json' },
    { description: 'In a nightly workflow of GitHub', command: '<%= config.bin %> drift --format github --output markdown=drift.md' },
  ];
  static override flags = {
    server: string({ description: 'Only foreign tables of this server. May be given several times.', helpValue: 'NAME', multiple: true }),
    schema: string({ description: 'Only foreign tables in this local schema. May be given several times.', helpValue: 'NAME', multiple: true, exclusive: ['snapshot'] }),
    snapshot: string({ description: 'Say what the remotes have changed since fdw snapshot wrote this file, instead of comparing foreign tables.', helpValue: 'FILE' }),
    sample: integer({
      description: prose(`
        Look also at so many rows behind each foreign table that promises something of them: partition bounds, CHECKs, NOT NULL.
      `),
      helpValue: 'ROWS', min: 1, max: 1_000_000, exclusive: ['snapshot'],
    }),
    spec: string({ description: `A spec, for its \`database\` and for places to point to. Without it: ${defaultSpec}, if there is one.`, helpValue: 'FILE' }),
    env: environmentFlag,
    database: databaseFlag,
    format: formatFlag(formats),
    json: jsonFlag,
    output: outputFlag,
    'fail-on': option({
      description: prose(`
        Exit with 2 for findings of this class and of the worse ones before it: wrong-results, breaks-now, will-break, invisible. What
        is unknown counts too, except with none.
      `),
      options: [...driftClasses, 'none'] as const,
      default: 'invisible' as const,
    })({ helpValue: 'CLASS' }),
    jobs: integer({ description: 'How many servers are looked at at once, each over a connection of its own to the database.', helpValue: 'N', default: 4, min: 1, max: 64 }),
    patience: integer({ description: 'Seconds that a server may take to answer before it counts as unknown.', helpValue: 'SECONDS', default: 15, min: 1, max: 3600 }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Drift);
    const answers = chooseAnswers(flags.output ?? [], flags.format === undefined && !flags.json ? undefined : chosenFormat(flags), formats);
    const output = this.output(flags);
    const result = await remoteDrift({
      ...this.request({ spec: flags.spec ?? (existsSync(defaultSpec) ? defaultSpec : undefined), env: flags.env, database: flags.database, snapshot: flags.snapshot }, output),
      servers: flags.server ?? [],
      schemas: flags.schema ?? [],
      sample: flags.sample,
      jobs: flags.jobs,
      patience: flags.patience * 1000,
    });
    if (!answers.some(({ format, file }) => format === 'json' && file === undefined)) output.warn(result.warnings);
    await writeAnswers(answers, output, (format, surface) => this.#render(result, format, surface ?? plainSurface));
    if (answers.some(({ format }) => format === 'github')) await writeStepSummary(process.env, driftMarkdown(result.report));
    if (fails(result, flags['fail-on'])) process.exitCode = 2;
  }

  #render(result: DriftResult, format: (typeof formats)[number], surface: Surface): Pieces {
    const { report, places } = result;
    switch (format) {
      case 'text':
        return [driftText(result, surface)];
      case 'json':
        return [JSON.stringify(driftJson(result), null, 2)];
      case 'markdown':
        return [driftMarkdown(report)];
      case 'github':
        return [driftGithub(report, places, repositoryPaths(process.cwd()))];
      case 'junit':
        return [driftJunit(report)];
      case 'sarif':
        return driftSarif(report, places, repositoryPaths(process.cwd()), this.config.version);
    }
  }
}

function fails({ report }: DriftResult, failOn: (typeof driftClasses)[number] | 'none'): boolean {
  if (failOn === 'none') return false;
  const counted = driftClasses.slice(0, driftClasses.indexOf(failOn) + 1);
  return report.unknown.length > 0 || report.findings.some((finding) => counted.includes(finding.class));
}
