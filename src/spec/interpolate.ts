/** A part of a text that stands for something: `start` and `end` are offsets into the text as YAML gave it. */
export interface InterpolationProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string;
  /** The reference as written, for finding it in the source. */
  readonly written: string;
}

export interface Interpolated {
  readonly text: string;
  readonly problems: readonly InterpolationProblem[];
}

/**
 * Replaces `${env:NAME}` and `${env:NAME:-default}` (the default also serves for an empty variable, as in a
 * shell); `$${` is a literal `${`. What is wrong stays as it is written.
 */
export function interpolate(text: string, env: NodeJS.ProcessEnv): Interpolated {
  let result = '';
  const problems: InterpolationProblem[] = [];
  let at = 0;
  for (let next = text.indexOf('${', at); next >= 0; next = text.indexOf('${', at)) {
    if (text[next - 1] === '$' && next > at) {
      result += `${text.slice(at, next - 1)}\${`;
      at = next + 2;
      continue;
    }
    result += text.slice(at, next);
    const close = text.indexOf('}', next);
    const end = close < 0 ? text.length : close + 1;
    const written = text.slice(next, end);
    const value = valueOfReference(written, close >= 0, env);
    if (typeof value === 'string') result += value;
    else {
      problems.push({ start: next, end, written, ...value });
      result += written;
    }
    at = end;
  }
  return { text: result + text.slice(at), problems };
}

const reference = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?\}$/;

/** The name of the variable, where the whole text is one `${env:NAME}`. */
export function soleReference(text: string): string | undefined {
  const match = reference.exec(text);
  return match !== null && match[2] === undefined ? match[1] : undefined;
}

function valueOfReference(written: string, closed: boolean, env: NodeJS.ProcessEnv): string | { readonly message: string; readonly hint: string } {
  const literal = 'write `$${` for a literal `${`';
  if (!closed) return { message: '`${` is never closed', hint: `add \`}\`; ${literal}` };
  const match = reference.exec(written);
  if (match === null) {
    const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(written)?.[1];
    if (/^\$\{each[.}]/.test(written)) return { message: `\`${written}\` stands for nothing here`, hint: 'it has a meaning in an entry with `for_each`, of servers, schemas and tables' };
    const hint = name === undefined ? `write \`\${env:NAME}\` or \`\${env:NAME:-default}\`; ${literal}` : `did you mean \`\${env:${name}}\`? ${literal}`;
    return { message: `this is no reference to an environment variable`, hint };
  }
  const [, name = '', fallback] = match;
  const value = variable(name, env);
  if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
  return value ?? { message: `the environment variable ${name} is not set`, hint: `set it, or give a default: \`\${env:${name}:-…}\`` };
}

/** A variable's value; never something inherited from Object. */
export function variable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const value: unknown = Object.hasOwn(env, name) ? env[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
