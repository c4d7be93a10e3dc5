import { nameKey } from './name.ts';
import type { FdwObject, MappingRole } from './objects.ts';

/** A string that is equal for two objects exactly where they are the same object of a database. */
export function identityOf(object: FdwObject): string {
  switch (object.kind) {
    case 'extension':
    case 'server':
    case 'schema':
      return `${object.kind}\0${object.name}`;
    case 'user-mapping':
      return `${object.kind}\0${object.server}\0${roleKey(object.role)}`;
    case 'enum':
    case 'foreign-table':
      return `${object.kind}\0${nameKey(object)}`;
  }
}

/** PUBLIC and a role of whatever name never share a key: no name is empty. */
function roleKey(role: MappingRole): string {
  return role.kind === 'public' ? '' : role.name;
}
