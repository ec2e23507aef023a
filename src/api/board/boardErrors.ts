import type { Answer } from '../answer.ts';
import type { Api } from '../api.ts';
import { describeError } from '../describeError.ts';
import type { ErrorBody } from '../errorBody.ts';
import { logIfOwnFault } from '../logIfOwnFault.ts';

/** bull-board's page shows `message` under the words that it has for `error.key`. */
export interface BoardErrorBody extends ErrorBody {
  readonly error: ErrorBody['error'] & { readonly key: string };
  readonly message: string;
}

const KEY_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'ERRORS.FORBIDDEN',
  403: 'ERRORS.FORBIDDEN',
  503: 'ERRORS.REDIS_UNAVAILABLE',
};

/** The answer to an error as the API gives it, with what bull-board's page needs to show it. */
export function asBoardAnswer(
  answer: Answer & { readonly body: ErrorBody },
): Answer & { readonly body: BoardErrorBody } {
  const { error } = answer.body;
  const key = KEY_OF_STATUS[answer.status] ?? 'ERRORS.INTERNAL_SERVER_ERROR';
  return { ...answer, body: { error: { ...error, key }, message: error.message } };
}

/** Answers an error that was thrown inside bull-board. */
export function answerBoardError(error: Error, { log, home }: Api): Answer {
  const answer = describeError(error, home);
  logIfOwnFault(log, error, answer);
  return asBoardAnswer(answer);
}
