/**
 * A `say` that lets one text through in each span of time and drops the rest: for progress on thousands of
 * steps, which a log of CI would keep line by line.
 * @param span milliseconds
 */
export function atMostEvery(span: number, say: (text: string) => void): (text: string) => void {
  let last = -Infinity;
  return (text) => {
    if (Date.now() - last < span) return;
    last = Date.now();
    say(text);
  };
}
