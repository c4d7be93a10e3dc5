import type { FdwObject, ObjectName } from '../model/objects.ts';
import type { MappingRole } from '../model/role.ts';
import { isType } from '../model/user-types.ts';
import { ident, qualified } from '../sql/quote.ts';
import type { ObjectKind } from './types.ts';

/** What a plan calls an object: unique in a plan, and readable. */
export function addressOf(object: ObjectName): string {
  switch (object.kind) {
    case 'extension':
    case 'wrapper':
    case 'server':
    case 'schema':
      return `${object.kind} ${ident(object.name)}`;
    case 'user-mapping':
      return `user mapping for ${roleName(object.role)} on server ${ident(object.server)}`;
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return `type ${qualified(object)}`;
    case 'partitioned-table':
      return `partitioned table ${qualified(object)}`;
    case 'foreign-table':
      return `foreign table ${qualified(object)}`;
  }
}

/** The kind that machine formats show. */
export function kindOf(object: FdwObject): ObjectKind {
  return isType(object) ? 'type' : object.kind;
}

/** The server that an object belongs to; undefined for what stands above servers. */
export function serverOf(object: FdwObject): string | undefined {
  switch (object.kind) {
    case 'server':
      return object.name;
    case 'user-mapping':
    case 'foreign-table':
      return object.server;
    case 'extension':
    case 'wrapper':
    case 'schema':
    case 'partitioned-table':
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return undefined;
  }
}

/** PUBLIC in capitals, so that it cannot be taken for a role; a role quoted where it must be. */
export function roleName(role: MappingRole): string {
  return role.kind === 'public' ? 'PUBLIC' : ident(role.name);
}
