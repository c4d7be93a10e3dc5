import { Secret } from '../../base/secret.ts';
import { type Problem, SpecError } from '../../base/spec-error.ts';
import type { Session } from '../../postgres/session.ts';
import { ident, literal } from '../../sql/quote.ts';
import { render } from '../../sql/statement.ts';
import type { Spec } from '../../spec/types.ts';
import type { OpenSnapshot } from '../open-snapshot.ts';
import { planOn } from '../plan.ts';
import { columnsOfExtensions, type Made, withoutFlaws } from './without-flaws.ts';
import type { Progress } from '../types.ts';

/**
 * Brings a scratch cluster to what a spec says, as far as that goes without remotes and secrets: user mappings are left out, a plan needs none;
 * imported schemas are what the snapshot has of them, without one what the dump has. No reference to a secret is resolved. What cannot be had
 * here, a type of an extension without binaries above all, is left out with what needs it.
 *
 * @returns what the user should know
 */
export async function applySpecOffline(session: Session, spec: Spec, snapshot: OpenSnapshot | undefined, progress: Progress): Promise<readonly Problem[]> {
  const available = new Set((await session.query<{ name: string }>('SELECT name::text AS name FROM pg_available_extensions')).map(({ name }) => name));
  const missing = spec.extensions.filter(({ name }) => !available.has(name.value));
  const reachable: Spec = {
    ...spec,
    extensions: spec.extensions.filter(({ name }) => available.has(name.value)).map((extension) => ({ ...extension, version: undefined })),
    schemas: snapshot === undefined ? [] : spec.schemas,
    secrets: [],
    servers: spec.servers.map((server) => ({ ...server, userMappings: [] })),
  };
  const whole: Made = { spec: reachable, snapshot };
  const unknown = columnsOfExtensions(whole, available);
  const leftOut = unknown.map(leftOutHere);
  let made = withoutFlaws(whole, unknown) ?? whole;
  for (;;) {
    try {
      await withRoles(session, () => build(session, made, progress));
      break;
    } catch (error) {
      const fewer = error instanceof SpecError ? withoutFlaws(made, error.problems) : undefined;
      if (!(error instanceof SpecError) || fewer === undefined) throw error;
      leftOut.push(...error.problems.map(leftOutHere));
      made = fewer;
    }
  }
  return [
    ...leftOut,
    ...missing.map(({ name }) => ({ message: `extension ${name.value} is not among the embedded binaries: what needs it is missing here`, at: name.at })),
    ...(await unknownImports(session, spec)),
  ];
}

function leftOutHere({ message, at, hint }: Problem): Problem {
  return { message: `left out here: ${message}`, at, hint };
}

async function build(session: Session, { spec, snapshot }: Made, progress: Progress): Promise<void> {
  const { database, user, host, port, versionNum } = session.facts;
  const { plan } = await planOn({ session, identity: { name: database, user, host, port, versionNum, chosenBy: '--offline' } }, spec, () => new Secret('offline'), { progress, exposeSecrets: true, snapshot });
  await session.query('BEGIN');
  for (const change of plan.changes) for (const statement of change.statements) await session.queryOne(render(statement, () => literal('offline')));
  await session.query('COMMIT');
}

/** Roles are made as they turn out to be missing. */
async function withRoles(session: Session, work: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      await session.query('ROLLBACK');
      const texts = error instanceof SpecError ? error.problems.map(({ message }) => message) : error instanceof Error ? [error.message] : [];
      const role = texts.flatMap((text) => /role "(.*?)" does not exist/.exec(text)?.[1] ?? [])[0];
      if (role === undefined || tries > 200) throw error;
      await session.query(`CREATE ROLE ${ident(role)}`);
    }
  }
}

async function unknownImports(session: Session, spec: Spec): Promise<readonly Problem[]> {
  const rows = await session.query<{ schema: string }>("SELECT DISTINCT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f'");
  const known = new Set(rows.map(({ schema }) => schema));
  return spec.schemas
    .filter(({ name }) => !known.has(name.value))
    .map(({ name }) => ({ message: `the tables of imported schema ${name.value} are not known offline`, at: name.at, hint: 'give what the remote has, --snapshot FILE (fdw snapshot), or a dump of the local database: --schema dump.sql (pg_dump --schema-only)' }));
}
