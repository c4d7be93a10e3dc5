import type { Hook } from '@oclif/core/interfaces';
import { unknownCommand } from './usage-error.ts';

/** What oclif calls for a first word that is no command. */
const hook: Hook.CommandNotFound = async function ({ id, config }) {
  throw unknownCommand(id, config.commandIDs);
};

export default hook;
