import { ClvError } from '../errors.ts';

/** The data handed to the forest cannot be used: a shape that does not fit, or a target that is no number. */
export class ForestInputError extends ClvError {
  constructor(message: string, remedy: string, values: Readonly<Record<string, unknown>> = {}) {
    super('FOREST_INPUT_INVALID', message, { remedy, values });
  }
}
