/**
 * A word for the shell inside psql's backquotes. Everything but plain characters is written in octal, for
 * `printf`: a backquote would end psql's quotation, a colon begin a variable of its own.
 */
function octal(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_/.-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
}

/** `"$(printf '…')"`: one word that holds exactly `text` (without newlines at its end). */
function shellWord(text: string): string {
  return `"$(printf '${octal(text)}')"`;
}

/** Whether the shell can name this environment variable. */
export function isShellName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** Prints an environment variable; `name` must be a shell name. Built into the shell: no process shows it. */
export function printVariable(name: string): string {
  return `printf '%s' "$${name}"`;
}

/** Says `on` when the environment variable is missing or empty, else `off`. */
export function variableMissing(name: string): string {
  return `test -n "$${name}" && echo off || echo on`;
}

/** Prints a file's content. */
export function printFile(path: string): string {
  return `cat -- ${shellWord(path)}`;
}

/** Says `on` when the file cannot be read, else `off`. */
export function fileMissing(path: string): string {
  return `test -r ${shellWord(path)} && echo off || echo on`;
}

/** Whether the shell can be given these words exactly: `$(…)` drops the newlines at the end of what is in it. */
export function canRun(argv: readonly string[]): boolean {
  return argv.every((word) => !word.endsWith('\n') && !word.includes('\0'));
}

/** Runs a program, whose name is no word of the shell, and prints what it prints. */
export function printOutput(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}

/** Says `on` when the program fails or prints nothing, else `off`. The output stays inside the shell: no process shows it. */
export function outputMissing(argv: readonly string[]): string {
  return `v=$(${printOutput(argv)}) && test -n "$v" && echo off || echo on`;
}
