import { postgresVersion } from '../base/postgres-version.ts';
import type { DatabaseIdentity } from '../plan/types.ts';
import type { Surface } from './style.ts';
import { visible, wrap } from './text.ts';

/** The head of an answer: which local database it is about, and which setting chose it. @param more what else is worth knowing of it */
export function databaseText({ name, host, port, user, versionNum, pooled, chosenBy }: DatabaseIdentity, { style, width }: Surface, more: readonly string[] = []): string {
  const where = [`${host}:${port} as ${user}`, `PostgreSQL ${postgresVersion(versionNum)}`, ...(pooled === true ? ['through a pooler'] : []), ...more].join(', ');
  return `Database ${style.bold(visible(name))}, from ${chosenBy}\n${wrap(visible(where), width, 2)}`;
}
