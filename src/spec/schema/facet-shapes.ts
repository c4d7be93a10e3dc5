import { columnPrivileges, tablePrivileges } from '../../model/privileges.ts';
import type { BooleanShape, ListShape, MapShape, ObjectShape, TextShape } from './shape.ts';

/** `absent: true` */
export function absent(what: string): BooleanShape {
  return { kind: 'boolean', default: false, description: `true: ${what}. What else is said here does not count then.`, examples: [true] };
}

/** `prune: true` */
export function prune(what: string): BooleanShape {
  return { kind: 'boolean', default: false, description: `true: ${what} that the spec does not name are dropped.`, examples: [true] };
}

export const owner: TextShape = { kind: 'text', description: 'The role that owns it. Left out: whoever creates it, and no change afterwards.', examples: ['platform'] };

export const comment: TextShape = { kind: 'text', mayBeEmpty: true, description: "Its comment; '' removes one. Left out: not managed.", examples: ['The shop, read-only'] };

/** The roles that hold a privilege. */
export function roles(privilege: string): ListShape {
  return {
    kind: 'list',
    of: { kind: 'text', description: 'A role; `public` is everyone.' },
    description: `The roles that hold ${privilege}, complete: others lose it. Left out: not managed.`,
    examples: [['analyst']],
  };
}

/** `{select: [analyst]}` */
export const tableGrants: ObjectShape = {
  kind: 'object',
  noun: '`grants`',
  keys: Object.fromEntries(tablePrivileges.map((privilege) => [privilege.toLowerCase(), roles(privilege)])),
  description: 'Who holds which privilege on the table.',
  examples: [{ select: ['analyst'] }],
};

function columnHolders(privilege: string): MapShape {
  return {
    kind: 'map',
    of: {
      kind: 'list',
      filled: true,
      of: { kind: 'text', description: 'A column of the table.' },
      description: 'The columns.',
      examples: [['id', 'note']],
    },
    description: `Who holds ${privilege} on which columns, by role, complete: others lose it. Left out: not managed.`,
    examples: [{ analyst: ['id', 'note'] }],
  };
}

/** `{select: {analyst: [id, note]}}` */
export const columnGrants: ObjectShape = {
  kind: 'object',
  noun: '`column_grants`',
  keys: Object.fromEntries(columnPrivileges.map((privilege) => [privilege.toLowerCase(), columnHolders(privilege)])),
  description: 'Who holds which privilege on single columns only.',
  examples: [{ select: { analyst: ['id', 'note'] } }],
};
