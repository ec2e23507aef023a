import { ErrorCode } from 'bullmq';
import type { Answer } from '../answer.ts';
import type { Api } from '../api.ts';
import { describeError } from '../errors/describeError.ts';
import type { ErrorBody } from '../errors/errorBody.ts';
import { logIfOwnFault } from '../errors/logIfOwnFault.ts';

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

/** Somebody else, or a worker, was faster than whoever pressed the button. */
const JOB_MOVED_ON = {
  status: 409,
  body: {
    error: {
      code: 'JOB_MOVED_ON',
      message: 'The job is gone, or no longer in the state that this is for; nothing was changed.',
      remedy: 'Load the page again: it shows what became of the job.',
    },
  },
};

/** The answer to an error as the API gives it, with what bull-board's page needs to show it. */
export function asBoardAnswer(
  answer: Answer & { readonly body: ErrorBody },
): Answer & { readonly body: BoardErrorBody } {
  const { error } = answer.body;
  const key = KEY_OF_STATUS[answer.status] ?? 'ERRORS.INTERNAL_SERVER_ERROR';
  return { ...answer, body: { error: { ...error, key }, message: error.message } };
}

/** What BullMQ says of a job that is gone, or in another state than the button was made for; by its code. */
const MOVED_ON: ReadonlySet<unknown> = new Set([ErrorCode.JobNotExist, ErrorCode.JobNotInState]);

/** Answers an error that was thrown inside bull-board. */
export function answerBoardError(error: Error & { readonly code?: unknown }, { log, home }: Api): Answer {
  if (MOVED_ON.has(error.code)) return asBoardAnswer(JOB_MOVED_ON);
  const answer = describeError(error, home);
  logIfOwnFault(log, error, answer);
  return asBoardAnswer(answer);
}
