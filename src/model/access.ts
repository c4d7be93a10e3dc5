import type { QualifiedName } from './name.ts';

/** What a link of a chain is about, in the order in which they follow each other. */
export const accessLinks = ['role', 'database', 'schema', 'relation', 'function', 'mapping', 'password', 'login', 'remote'] as const;

export type AccessLinkKind = (typeof accessLinks)[number];

/** One link from a role to the relation behind a foreign table. */
export interface AccessLink {
  readonly kind: AccessLinkKind;
  /** `unknown`: it could not be looked at, and the message says why. */
  readonly state: 'ok' | 'missing' | 'unknown';
  readonly message: string;
  /** What adds the link where it is missing: a statement, or a sentence where there is none. */
  readonly todo: { readonly on: 'local' | 'remote'; readonly sql: string } | { readonly words: string } | undefined;
  /** How far it stands below the relation that was asked about; 0: that itself. */
  readonly depth: number;
}

/** What lies beyond one server for one local role. */
export interface AccessServer {
  readonly server: string;
  /** The local role whose user mapping is used. */
  readonly as: string;
  /** The remote role; undefined: not known. */
  readonly remoteRole: string | undefined;
  readonly links: readonly AccessLink[];
}

/** How a role gets to an object, or to all servers. */
export interface Access {
  readonly role: string;
  readonly object: QualifiedName | undefined;
  /** Links within the local database, from the object downwards. */
  readonly here: readonly AccessLink[];
  /** Sorted by server and role. */
  readonly servers: readonly AccessServer[];
}

/** All links, in their order. */
export function linksOf({ here, servers }: Access): readonly AccessLink[] {
  return [...here, ...servers.flatMap(({ links }) => links)];
}
