import { ClvError } from '../errors.ts';

/** The data handed to the forest cannot be used: shapes do not fit, or a target is not a number. */
export class ForestInputError extends ClvError {
  constructor(message: string, remedy: string, values: Readonly<Record<string, unknown>> = {}) {
    super('FOREST_INPUT_INVALID', message, { remedy, values });
  }
}
