import { asRedisAway } from '../../../queues/redisAwayError.ts';
import { GridSearchBusyError } from '../../../queues/startGridSearch.ts';
import { RunBusyError } from '../../../queues/startScoreRun.ts';
import type { Home } from '../../config/home.ts';
import { ClvError } from '../../domain/errors.ts';
import type { Answer } from '../answer.ts';
import { referToJob } from '../references/jobReference.ts';
import { referToSearch } from '../references/searchReference.ts';
import { seenFromHome } from '../seenFromHome.ts';
import type { ErrorBody } from './errorBody.ts';
import { BodyNotJsonError, BodyTooLargeError, MethodNotAllowedError, RequestInvalidError } from './errors.ts';
import { statusOf } from './statusOfCode.ts';

/** The longest body that is read. */
export const BODY_LIMIT = '100kb';
/** Clients that respect it do not crowd a Redis that is just coming back. */
const RETRY_AFTER_SECONDS = '5';

/**
 * The answer to an error, as seen from `home`. Of one that was not foreseen it tells nothing: its words are for the log.
 */
export function describeError(thrown: unknown, home: Home): Answer & { readonly body: ErrorBody } {
  const error = asRedisAway(asBodyError(thrown));
  if (!(error instanceof ClvError)) return UNFORESEEN;
  const { code, message, remedy } = error;
  const seen = (sentence: string): string => seenFromHome(sentence, home);
  const problems =
    error instanceof RequestInvalidError
      ? { problems: error.problems.map(({ path, message }) => ({ path, message: seen(message) })) }
      : {};
  const status = statusOf(code);
  return {
    status,
    body: {
      error: {
        code,
        message: seen(message),
        ...(remedy === undefined ? {} : { remedy: seen(remedy) }),
        ...problems,
      },
      ...whatIsInTheWay(error),
    },
    ...headersOf(error, status),
  };
}

function headersOf(error: ClvError, status: number): Pick<Answer, 'headers'> {
  if (error instanceof MethodNotAllowedError) return { headers: { Allow: error.allowed.join(', ') } };
  return status === 503 ? { headers: { 'Retry-After': RETRY_AFTER_SECONDS } } : {};
}

/** Whoever asks for what is being done already is told where to follow it. */
function whatIsInTheWay(error: ClvError): Omit<ErrorBody, 'error'> {
  if (error instanceof RunBusyError) return { job: referToJob(error.jobId) };
  if (error instanceof GridSearchBusyError) return { search: referToSearch(error.searchId) };
  return {};
}

const UNFORESEEN = {
  status: 500,
  body: {
    error: {
      code: 'UNFORESEEN',
      message: 'The server failed at this request in a way that was not foreseen.',
      remedy: 'Its log says why.',
    },
  },
};

/** What express and its body parser throw, in the words of this API. */
function asBodyError(error: unknown): unknown {
  if (error instanceof ClvError || !(error instanceof Error)) return error;
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.parse.failed') {
    return new RequestInvalidError(
      [{ path: 'body', message: `is not valid JSON (${error.message})` }],
      error,
    );
  }
  if (type === 'entity.too.large') return new BodyTooLargeError(BODY_LIMIT);
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new BodyNotJsonError(error.message);
  // A body cut short or of a false length, or an address that is not valid percent-encoding.
  if (status === 400)
    return new RequestInvalidError([{ path: 'request', message: `is damaged (${error.message})` }], error);
  return error;
}
