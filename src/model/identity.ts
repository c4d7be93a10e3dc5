import { nameKey } from './name.ts';
import type { ObjectName } from './objects.ts';
import { roleKey } from './role.ts';

/** A string that is equal for two objects exactly where they are the same object of a database. */
export function identityOf(object: ObjectName): string {
  switch (object.kind) {
    case 'extension':
    case 'wrapper':
    case 'server':
    case 'schema':
      return `${object.kind}\0${object.name}`;
    case 'user-mapping':
      return `${object.kind}\0${object.server}\0${roleKey(object.role)}`;
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return `type\0${nameKey(object)}`;
    case 'partitioned-table':
    case 'foreign-table':
      return `${object.kind}\0${nameKey(object)}`;
  }
}
