import { nearest } from '../../base/nearest.ts';
import { UserError } from '../../base/user-error.ts';

/** What the error messages below are made of: the command's id and the names it knows. */
export interface Usage {
  readonly command: string | undefined;
  readonly flags: readonly string[];
}

/** What oclif's parser throws, as far as we read it: its errors carry different lists. */
interface ParserError extends Error {
  readonly flags?: unknown;
  readonly args?: unknown;
}

function texts(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** An error of oclif's own that is about how the command was called: its class is `CLIError` or below. */
export function isUsageError(error: unknown): error is ParserError {
  return error instanceof Error && 'oclif' in error;
}

/** Turns oclif's words about the command line into ours: which flag or argument, and what was probably meant. */
export function usageError(error: ParserError, usage: Usage): UserError {
  const name = usage.command === undefined ? 'fdw' : `fdw ${usage.command}`;
  const help = `\`${name} --help\` lists what it takes.`;
  const unknown = error.constructor.name === 'NonExistentFlagsError' ? texts(error.flags) : [];
  const [flag] = unknown.map((given) => given.split('=', 1)[0] ?? given);
  if (flag !== undefined) {
    const meant = nearest(flag.replace(/^-+/, ''), usage.flags);
    return new UserError('unknown-flag', `${name} has no flag ${flag}.`, {
      todo: meant === undefined ? help : `Did you mean --${meant}? ${help}`,
    });
  }
  if (error.constructor.name === 'UnexpectedArgsError') {
    return new UserError('unexpected-argument', `${name} takes no such argument: ${texts(error.args).join(' ')}`, { todo: help });
  }
  const sentence = error.message.replace(/\nSee more help[^]*$/, '').replace(/^The following errors? occurred:\s*/, '');
  return new UserError('usage', sentence.endsWith('.') ? sentence : `${sentence}.`, { todo: help });
}

/** For a first word that is no command. */
export function unknownCommand(id: string, known: readonly string[]): UserError {
  const help = '`fdw --help` lists the commands.';
  if (id.startsWith('-')) {
    return new UserError('unknown-flag', `fdw has no flag ${id.split('=', 1)[0] ?? id}.`, {
      todo: `A command's flags stand after its name. ${help}`,
    });
  }
  const meant = nearest(id, known);
  return new UserError('unknown-command', `fdw has no command ${id}.`, {
    todo: meant === undefined ? help : `Did you mean \`fdw ${meant}\`? ${help}`,
  });
}
