/** The flags that every command takes; they may also stand before the command's name. */
const globalFlags: ReadonlySet<string> = new Set(['--no-color', '--quiet', '--json']);

/**
 * The arguments in the order that oclif reads: the command's name first. `fdw help plan` becomes
 * `fdw plan --help`, and global flags before the name move behind it.
 */
export function normaliseArgv(argv: readonly string[]): readonly string[] {
  const first = argv.findIndex((argument) => !globalFlags.has(argument));
  const flags = first === -1 ? argv : argv.slice(0, first);
  const [name, ...rest] = first === -1 ? [] : argv.slice(first);
  if (name === 'help') return [...rest, '--help', ...flags];
  if (name === undefined) return ['--help'];
  return [name, ...flags, ...rest];
}

/**
 * Whether the answer, an error's too, is to be JSON. Looked up in the arguments themselves, because an
 * error may be about the very arguments.
 */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  return flags.some(
    (flag, index) => flag === '--json' || flag === '--format=json' || (flag === '--format' && flags[index + 1] === 'json'),
  );
}
