import type { ValidateResult } from '../flows/validate.ts';
import { problemJson } from './error.ts';
import { formatVersion } from './format-version.ts';
import type { Surface } from './style.ts';
import { count, visible, wrap } from './text.ts';

/** A spec without problems, as JSON; see schema/validate.schema.json. */
export function validationJson({ counts, warnings }: ValidateResult): object {
  return {
    format_version: formatVersion,
    valid: true,
    counts: {
      servers: counts.servers,
      user_mappings: counts.userMappings,
      schemas: counts.schemas,
      tables: counts.tables,
      sharded_tables: counts.shardedTables,
      partitions: counts.partitions,
      checks: counts.checks,
    },
    warnings: warnings.map(problemJson),
  };
}

/** The same for people: one line. */
export function validationText(spec: string, { counts }: ValidateResult, { style, width }: Surface): string {
  const parts = [
    count(counts.servers, 'server'),
    count(counts.userMappings, 'user mapping'),
    count(counts.schemas, 'imported schema'),
    count(counts.tables, 'foreign table'),
    count(counts.shardedTables, 'sharded table'),
    count(counts.partitions, 'partition'),
    count(counts.checks, 'pushdown check'),
    count(counts.patterns, 'pattern of query files', 'patterns of query files'),
  ].filter((part) => !part.startsWith('0 '));
  return wrap(`${style.green('Valid:')} ${visible(spec)} describes ${parts.length === 0 ? 'nothing yet' : parts.join(', ')}.`, width);
}
