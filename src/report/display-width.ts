/**
 * Characters that take two columns: East Asian wide ones and emoji (unicode.org/reports/tr11, the common blocks), but not the letters of
 * flags, of which two are one.
 */
const wide = /(?![\u{1F1E6}-\u{1F1FF}])[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
/** Characters that take none: combining marks, joiners, variation selectors. */
const narrow = /[\p{Mn}\p{Me}\u200B-\u200D\uFE00-\uFE0F]/u;

/** How many columns of a terminal a text without control characters takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += narrow.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
