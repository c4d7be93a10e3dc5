import type { LikelyRename } from '../model/likely-rename.ts';
import { ident, qualified } from '../sql/quote.ts';
import { addressOf } from './address.ts';
import type { Notice } from './types.ts';

/** What the plan does where it may be wrong to, and how to say so. */
export function likelyRenameNotice(rename: LikelyRename): Notice {
  if (rename.kind === 'column') {
    const [from, to] = [ident(rename.from), ident(rename.to)];
    return {
      address: addressOf({ kind: 'foreign-table', ...rename.table }),
      message: `column ${from} may have been renamed to ${to}: it stands in the same place, with the same type. As planned, ${from} is dropped and ${to} added; if it was renamed, write \`renamed_from\` for it in the spec, or say so at a terminal, where you are asked`,
    };
  }
  return {
    address: addressOf({ kind: 'foreign-table', ...rename.to }),
    message: `it has the columns of ${qualified(rename.from)}, which has nothing behind it any more, and may be that under a new name. If so, write \`renamed_from\` for it in the spec, or say so at a terminal, where you are asked`,
  };
}

/** The guess as a short line: `column name of shop.products to title`. */
export function likelyRenameText(rename: LikelyRename): string {
  return rename.kind === 'column'
    ? `column ${ident(rename.from)} of ${qualified(rename.table)} to ${ident(rename.to)}`
    : `foreign table ${qualified(rename.from)} to ${qualified(rename.to)}`;
}
