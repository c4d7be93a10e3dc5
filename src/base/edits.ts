/** Another text in place of a part of one. */
export interface Edit {
  readonly start: number;
  /** Behind the part. */
  readonly end: number;
  readonly text: string;
}

/** A text with edits made, in any order; of those that overlap, the one that begins first. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let last = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < last) continue;
    result += text.slice(last, edit.start) + edit.text;
    last = edit.end;
  }
  return result + text.slice(last);
}
