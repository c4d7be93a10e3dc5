import type { SourceFile, TextRange } from '../base/source.ts';
import { SpecError } from '../base/spec-error.ts';
import { buildPushdown } from './build/pushdown.ts';
import { buildSchemas } from './build/schemas.ts';
import { buildExtensions, buildServers } from './build/servers.ts';
import { buildTables } from './build/tables.ts';
import { readText, type BuildContext } from './build/context.ts';
import { checkShape } from './check.ts';
import { Positions, positionsOf } from './positions.ts';
import { ProblemList } from './problem-list.ts';
import { checkInputText, readFileText } from './read-source.ts';
import { inEnvironment } from './environments/apply.ts';
import { checkReferences } from './references.ts';
import { specShape } from './schema/spec-shape.ts';
import { hasPassword, mergeRanges, sensitiveInConnections, sensitiveLines, sensitiveValues } from './sensitive.ts';
import type { LoadedSpec, Spec } from './types.ts';
import { valueOf, type MapNode, type Node } from './yaml/node.ts';

export interface LoadRequest {
  /** As the user named it; `-` is standard input. */
  readonly path: string;
  /** Needed for `-`. */
  readonly readStdin?: () => Promise<string>;
  readonly env: NodeJS.ProcessEnv;
  /** `--env`: the environment to lay over the rest. */
  readonly environment?: string | undefined;
}

/**
 * Reads, interpolates and validates a spec.
 *
 * @throws SpecError with all problems of the spec at once, each with its place. A file that is no YAML has only
 * its YAML problems.
 */
export async function loadSpec(request: LoadRequest): Promise<LoadedSpec> {
  const fromInput = request.path === '-';
  const read = fromInput ? checkInputText((await request.readStdin?.()) ?? '') : await readFileText(request.path);
  if (read.kind === 'problem') {
    const { message, hint, textBefore } = read.problem;
    const source: SourceFile = { file: request.path, text: textBefore ?? '' };
    const at = new Positions(source).span({ start: source.text.length, end: source.text.length + 1 });
    throw new SpecError([{ message, hint, at }]);
  }
  const { parseYaml } = await import('./yaml/parse.ts');
  const sensitive: TextRange[] = [];
  const source: SourceFile = { file: request.path, text: read.text, sensitive };
  const positions = positionsOf(source);
  const context: BuildContext = {
    problems: new ProblemList(),
    warnings: new ProblemList(),
    secrets: [],
    env: request.env,
  };
  const { node, wellFormed } = parseYaml(positions, context.problems);
  const hidden = [
    ...sensitiveInConnections(read.text),
    ...(node === undefined ? [] : sensitiveValues(node)),
    ...(wellFormed ? [] : sensitiveLines(read.text)),
  ];
  sensitive.push(...mergeRanges(hidden));
  const spec = node !== undefined && wellFormed ? buildSpec(node, request.environment, context) : undefined;
  if (spec === undefined || !context.problems.empty) throw new SpecError(context.problems.list());
  return { spec, warnings: context.warnings.list() };
}

/** The spec as far as it can be made; what is wrong is in the context's problems. */
function buildSpec(written: Node, environment: string | undefined, context: BuildContext): Spec | undefined {
  const top = positionsOf(written.at.source).span({ start: 0, end: 1 });
  const root = written.kind === 'map' ? inEnvironment(written, environment, context.problems, context.warnings) : written;
  if (root === undefined) return undefined;
  checkShape(root, specShape, 'the spec', top, context.problems);
  if (root.kind !== 'map') return undefined;
  const servers = buildServers(valueOf(root, 'servers'), context);
  const wrappers = new Map(servers.map((server) => [server.name.value, server.wrapper]));
  const spec: Spec = {
    source: root.at.source,
    database: readDatabase(root, context),
    extensions: buildExtensions(valueOf(root, 'extensions'), context),
    servers,
    schemas: buildSchemas(valueOf(root, 'schemas'), context),
    tables: buildTables(valueOf(root, 'tables'), wrappers, context),
    pushdown: buildPushdown(valueOf(root, 'pushdown'), context),
    secrets: context.secrets,
  };
  checkReferences(spec, serverNames(root), context);
  return spec;
}

/** Also those that could not be built: a table on one of them does not dangle. */
function serverNames(root: MapNode): readonly string[] {
  const servers = valueOf(root, 'servers');
  return servers?.kind === 'map' ? servers.entries.map((entry) => entry.key) : [];
}

function readDatabase(root: MapNode, context: BuildContext): Spec['database'] {
  const node = valueOf(root, 'database');
  if (node?.kind === 'scalar' && hasPassword(node.text)) {
    context.warnings.add(node.at, 'the password of the database is written out in the spec', 'everyone who reads the file or its history can read it: write ${env:DATABASE_URL}, or use PGPASSWORD or .pgpass');
  }
  return readText(node, context);
}
