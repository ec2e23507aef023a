import { ClvError } from '../../src/domain/errors.ts';

/** What crosses back from a thread: a custom error would lose its fields on the way, so it is sent as data. */
export type TaskAnswer<Result> =
  | { readonly result: Result }
  | {
      readonly failure: {
        readonly name: string;
        readonly code: string;
        readonly message: string;
        readonly remedy: string | undefined;
        readonly values: Readonly<Record<string, unknown>>;
      };
    };

/** A task of the pool: `work`, with errors that a person is meant to read handed over as data. */
export function poolTask<Payload, Result>(
  work: (payload: Payload) => Result | Promise<Result>,
): (payload: Payload) => Promise<TaskAnswer<Result>> {
  return async (payload) => {
    try {
      return { result: await work(payload) };
    } catch (error) {
      if (!(error instanceof ClvError)) throw error;
      const { name, code, message, remedy, values } = error;
      return { failure: { name, code, message, remedy, values } };
    }
  };
}

/** The result, or the error put together again: its class is lost, its name, code, sentence and remedy are not. */
export function openAnswer<Result>(answer: TaskAnswer<Result>): Result {
  if ('result' in answer) return answer.result;
  const { name, code, message, remedy, values } = answer.failure;
  const error = new ClvError(code, message, remedy === undefined ? { values } : { remedy, values });
  error.name = name;
  throw error;
}
