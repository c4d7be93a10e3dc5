import { createHash } from 'node:crypto';
import { Shared } from '../base/shared.ts';
import { SpecError } from '../base/spec-error.ts';
import { buildAbsent, presentIn } from './build/absent.ts';
import { buildPushdown } from './build/pushdown.ts';
import { buildLocalSchemas, buildSchemas } from './build/schemas.ts';
import { buildExtensions, buildServers } from './build/servers.ts';
import { buildShardedTables } from './build/sharded-tables.ts';
import { buildTables } from './build/tables.ts';
import { buildTypes } from './build/types.ts';
import { buildWrappers } from './build/wrappers.ts';
import { readText, type BuildContext } from './build/context.ts';
import { checkShape } from './check.ts';
import { spanOf } from './positions.ts';
import { ProblemList } from './problem-list.ts';
import { expandEach } from './each/expand.ts';
import { joinFiles } from './files/join.ts';
import { readAll } from './files/read-all.ts';
import { inEnvironment } from './environments/apply.ts';
import { checkReferences } from './references.ts';
import { incompleteSpec, specShape } from './schema/spec-shape.ts';
import { hasPassword } from './sensitive.ts';
import type { LoadedSpec, Spec } from './types.ts';
import { valueOf, type MapNode, type Node } from './yaml/node.ts';

export interface LoadRequest {
  /** As the user named it: a file, a folder of files, or `-` for standard input. */
  readonly path: string;
  /** Needed for `-`. */
  readonly readStdin?: () => Promise<string>;
  readonly env: NodeJS.ProcessEnv;
  /** `--env`: the environment to lay over the rest. */
  readonly environment?: string | undefined;
}

/**
 * Reads, interpolates and validates a spec with all its files.
 *
 * @throws SpecError with all problems of the spec at once, each with its place. Where a file cannot be read or is no
 * YAML, only problems of that kind are in it.
 */
export async function loadSpec(request: LoadRequest): Promise<LoadedSpec> {
  const context: BuildContext = { problems: new ProblemList(), warnings: new ProblemList(), columns: new Shared(), texts: new Shared(), secrets: [], options: [], env: request.env };
  const { files, whole } = await readAll(request.path, request.readStdin, context);
  const spec = whole ? buildSpec(files, request.environment, context) : undefined;
  if (spec === undefined || !context.problems.empty) throw new SpecError(context.problems.list());
  return { spec, files: files.map(({ at }) => at.source.file), digest: digestOf(files), warnings: context.warnings.list() };
}

function digestOf(files: readonly Node[]): string {
  const hash = createHash('sha256');
  for (const { at } of files) hash.update(`${at.source.text.length}\n`).update(at.source.text);
  return hash.digest('hex');
}

/** The spec as far as it can be made; what is wrong is in the context's problems. */
function buildSpec(files: readonly Node[], environment: string | undefined, context: BuildContext): Spec | undefined {
  const { problems, warnings } = context;
  for (const file of files) {
    checkShape(file, environment === undefined ? specShape : incompleteSpec, 'the spec', spanOf(file.at.source, { start: 0, end: 1 }), problems);
  }
  const roots = files.filter((file) => file.kind === 'map');
  const [first] = roots;
  if (first === undefined) return undefined;
  const whole = inEnvironment(joinFiles(roots, specShape, problems), environment, problems, warnings);
  if (whole === undefined) return undefined;
  if (environment !== undefined) checkShape(whole, specShape, 'the spec', whole.at, problems);
  const root = expandEach(whole, problems);
  const servers = buildServers(presentIn(valueOf(root, 'servers')), context);
  const wrappers = new Map(servers.map((server) => [server.name.value, server.wrapper]));
  const spec: Spec = {
    source: first.at.source,
    database: readDatabase(root, context),
    extensions: buildExtensions(valueOf(root, 'extensions'), context),
    wrappers: buildWrappers(presentIn(valueOf(root, 'wrappers')), context),
    servers,
    schemas: buildSchemas(presentIn(valueOf(root, 'schemas')), wrappers, context),
    localSchemas: buildLocalSchemas(presentIn(valueOf(root, 'schemas')), context),
    types: buildTypes(presentIn(valueOf(root, 'types')), context),
    tables: buildTables(presentIn(valueOf(root, 'tables')), wrappers, context),
    shardedTables: buildShardedTables(presentIn(valueOf(root, 'sharded_tables')), wrappers, context),
    pushdown: buildPushdown(valueOf(root, 'pushdown'), context),
    absent: buildAbsent(root, servers, context),
    secrets: context.secrets,
    options: context.options,
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
