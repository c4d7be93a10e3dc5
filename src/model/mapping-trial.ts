import type { UserError } from '../base/user-error.ts';

/** What came of trying a user mapping; `untried` where nothing can be said of it. */
export type MappingTrial = { readonly kind: 'works' } | { readonly kind: 'refused' | 'untried'; readonly error: UserError };
