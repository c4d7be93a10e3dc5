/** A pattern split at its slashes: the literal folder that it starts in, and the rest. */
export interface Glob {
  /** Without wildcards; '' for the current folder, '/' for the root. */
  readonly base: string;
  readonly rest: readonly string[];
}

const wildcards = ['*', '?'];

/** Whether a name has a wildcard in it. */
export function isGlob(pattern: string): boolean {
  return wildcards.some((wildcard) => pattern.includes(wildcard));
}

/** A pattern with `/` between its parts: `**` for any folders, `*` for anything in a name, `?` for one character. */
export function parseGlob(pattern: string): Glob {
  const parts = pattern.split('/');
  const first = parts.findIndex(isGlob);
  const fixed = first < 0 ? parts.length - 1 : first;
  const base = parts.slice(0, fixed).join('/');
  return { base: base === '' && pattern.startsWith('/') ? '/' : base, rest: parts.slice(fixed) };
}

/** Whether a path, as its parts, fits the rest of a pattern. */
export function matches(rest: readonly string[], path: readonly string[]): boolean {
  const [part, ...more] = rest;
  if (part === undefined) return path.length === 0;
  if (part === '**') return matches(more, path) || (path.length > 0 && !isHidden(path[0]) && matches(rest, path.slice(1)));
  const [name, ...below] = path;
  return name !== undefined && matchesName(part, name) && matches(more, below);
}

/** Names that start with a dot are only found by a pattern that starts with one. */
function isHidden(name: string | undefined): boolean {
  return name?.startsWith('.') === true;
}

/** One name against one part of a pattern. Linear but for one step back per `*`. */
function matchesName(pattern: string, name: string): boolean {
  if (isHidden(name) && !pattern.startsWith('.')) return false;
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const wanted = pattern.charAt(inPattern);
    if (wanted === '*') {
      star = inPattern;
      starAt = at;
      inPattern += 1;
    } else if (inPattern < pattern.length && (wanted === '?' || wanted === name.charAt(at))) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      inPattern = star + 1;
    } else return false;
  }
  while (pattern.charAt(inPattern) === '*') inPattern += 1;
  return inPattern === pattern.length;
}
