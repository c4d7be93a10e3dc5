import { nearest } from '../base/nearest.ts';
import type { ObjectShape } from './schema/shape.ts';

/** What people write one level too high, and where it belongs. */
const belongsElsewhere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a server': {
    ...Object.fromEntries(
      ['host', 'hostaddr', 'port', 'dbname', 'sslmode', 'fetch_size', 'batch_size', 'use_remote_estimate', 'extensions', 'service', 'target_session_attrs', 'connect_timeout']
        .map((name) => [name, 'it is an option: put it under `options`']),
    ),
    database: 'the option is `dbname`: put it under `options`',
    user: 'put it under `user_mappings`, below a role or `public`',
    password: 'put it under `user_mappings`, below a role or `public`',
    tables: 'tables stand at the top, under `schemas` or `tables`',
  },
  'a table': {
    schema_name: 'it is an option: put it under `options`',
    table_name: 'it is an option: put it under `options`',
  },
  'an environment': {
    version: 'it stands at the top, outside of `environments`',
    environments: 'an environment holds no others',
    include: 'it stands at the top, outside of `environments`',
  },
  'an imported schema': {
    except: 'write `tables: {except: […]}`',
  },
};

/** A hint for a key that is known (or nearly), but not here. */
export function misplacedKeyHint(shape: ObjectShape, key: string): string | undefined {
  const known = belongsElsewhere[shape.noun] ?? {};
  const near = nearest(key, Object.keys(known));
  if (near === undefined) return undefined;
  return near === key ? known[near] : `did you mean \`${near}\`? ${known[near] ?? ''}`;
}
