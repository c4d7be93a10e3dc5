import { groupBy } from '../../base/group.ts';
import { SpecError } from '../../base/spec-error.ts';
import type { Import } from '../../desired/import.ts';
import { importsFrom } from '../../desired/from-snapshot.ts';
import type { Session } from '../../postgres/session.ts';
import { readRemoteSchemas } from '../../remote/read-remote-schemas.ts';
import type { SchemaRequest } from '../../remote/request.ts';
import type { Spec, SpecImportedSchema } from '../../spec/types.ts';
import type { OpenSnapshot } from '../open-snapshot.ts';
import type { Progress } from '../types.ts';

/**
 * What stands behind each imported schema: read server by server, through the servers themselves, or as a snapshot has it.
 * @throws SpecError where the snapshot lacks something; UserError `remote-…`
 */
export async function readImports(session: Session, spec: Spec, progress: Progress, snapshot: OpenSnapshot | undefined): Promise<readonly Import[]> {
  if (snapshot !== undefined) {
    const { imports, problems } = importsFrom(spec, snapshot);
    if (problems.length > 0) throw new SpecError(problems);
    return imports;
  }
  const byServer = [...groupBy(spec.schemas, ({ server }) => server.value)];
  for (const [server] of byServer) progress(`reading the remote of server ${server}`);
  const answers = await readRemoteSchemas(
    session,
    byServer.map(([server, schemas]) => ({ server, candidates: mappedRoles(spec, server), schemas: schemas.map(requestFor), unreadable: true })),
  );
  return byServer.flatMap(([, schemas], serverIndex) =>
    schemas.map((schema, index): Import => {
      const answer = answers[serverIndex];
      const remote = answer?.schemas[index];
      if (remote === undefined) throw new Error(`no answer for imported schema ${schema.name.value}`);
      const why = answer?.unreadable?.[index];
      return { schema, remote, ...(answer === undefined || why === undefined ? {} : { unreadable: { reader: answer.reader, why } }) };
    }),
  );
}

/** What to ask a remote for an imported schema. */
export function requestFor(schema: SpecImportedSchema): SchemaRequest {
  const { selection } = schema;
  return {
    name: schema.remoteSchema.value,
    selection: selection.kind === 'all' ? selection : { kind: selection.kind, names: selection.tables.map(({ value }) => value) },
    defaults: schema.import.default,
  };
}

/** The roles that the spec maps on a server: one of them reads where the connected role has no mapping. */
export function mappedRoles(spec: Spec, server: string): readonly string[] {
  const mappings = spec.servers.find(({ name }) => name.value === server)?.userMappings ?? [];
  return mappings.flatMap(({ role }) => (role.kind === 'role' ? [role.name] : []));
}
