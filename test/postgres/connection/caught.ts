import { UserError } from '../../../src/base/user-error.ts';

/** The UserError that `run` throws; anything else fails the test. */
export function caught(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('Expected a UserError, got none');
}
