import type { Logger } from 'pino';
import type { Answer } from '../answer.ts';
import type { ErrorBody } from './errorBody.ts';

/**
 * Logs what lies behind an answer of 500, with the trace that the answer keeps to itself. Other errors are told in full by
 * their answer, and their code stands in the line of the request.
 */
export function logIfOwnFault(
  log: Logger,
  error: unknown,
  answer: Answer & { readonly body: ErrorBody },
): void {
  if (answer.status === 500) log.error({ err: error, code: answer.body.error.code }, 'a request failed');
}
