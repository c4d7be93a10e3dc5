import type { Cluster } from './types.ts';

/** A connection string for a database of a cluster, as its superuser or as another role. */
export function urlOf(cluster: Cluster, database: string, as?: { readonly user: string; readonly password?: string }): string {
  const user = as === undefined ? cluster.user : as.user;
  const password = as === undefined ? cluster.password : as.password;
  const credentials = [user, ...(password === undefined ? [] : [password])].map(encodeURIComponent).join(':');
  return `postgresql://${credentials}@${cluster.host}:${cluster.port}/${encodeURIComponent(database)}`;
}
