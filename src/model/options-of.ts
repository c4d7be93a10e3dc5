import type { FdwObject } from './objects.ts';
import type { Options } from './option.ts';

/** All options that an object carries, those of its columns too; none where they are unknown. */
export function optionsOf(object: FdwObject): Options {
  switch (object.kind) {
    case 'wrapper':
      return object.definition?.options ?? [];
    case 'server':
      return object.options;
    case 'user-mapping':
      return object.options === 'unknown' ? [] : object.options;
    case 'foreign-table':
      return [...object.options, ...object.columns.flatMap(({ options }) => options)];
    case 'extension':
    case 'schema':
    case 'partitioned-table':
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return [];
  }
}
