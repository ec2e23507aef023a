import { asRedisAway } from '../../queues/redisAwayError.ts';
import { ClvError } from '../domain/errors.ts';
import { BodyNotJsonError, BodyTooLargeError, RequestInvalidError } from './errors.ts';
import type { Answer } from './route.ts';

/** The longest body that is read. */
export const BODY_LIMIT = '100kb';
/** Clients that respect it do not crowd a Redis that is just coming back. */
const RETRY_AFTER_SECONDS = '5';

/** The HTTP status of every error that is not the server's own fault (500). */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  REQUEST_INVALID: 400,
  CUTOFF_FAR_AHEAD: 400,
  SAME_MODEL: 400,
  SIGNATURE_MISSING: 400,
  WEIGHTS_NOT_ONE: 400,
  WINDOW_NOT_EVALUATED: 400,
  KEY_NEEDED: 401,
  ORIGIN_REFUSED: 403,
  HOST_REFUSED: 403,
  DUTIES_NOT_SEPARATE: 403,
  JOB_UNKNOWN: 404,
  ALERT_UNKNOWN: 404,
  CUSTOMER_UNKNOWN: 404,
  MODEL_UNKNOWN: 404,
  GRID_SEARCH_UNKNOWN: 404,
  SEARCH_FILE_UNKNOWN: 404,
  TRAINING_REPORT_UNKNOWN: 404,
  REVIEW_REQUEST_UNKNOWN: 404,
  ROUTE_UNKNOWN: 404,
  RUN_BUSY: 409,
  RUN_NOT_WAITING: 409,
  RUN_OF_CALENDAR: 409,
  JOB_STAYS: 409,
  GRID_SEARCH_BUSY: 409,
  TRAININGS_BUSY: 409,
  GRID_SEARCH_SUPERSEDED: 409,
  CHAMPION_MISSING: 409,
  ALREADY_DECIDED: 409,
  ALREADY_ACKNOWLEDGED: 409,
  ALREADY_IN_SERVICE: 409,
  NEVER_IN_SERVICE: 409,
  CONTEST_LOST: 409,
  BINARY_PURGED: 409,
  FOREST_FILE_MISMATCH: 409,
  TRAINING_REPORT_CHANGED: 409,
  RANKED_FILE_UNREADABLE: 409,
  REGISTRY_BUSY: 409,
  ORDERS_NOT_NAMED: 409,
  ORDERS_FILE_MISSING: 409,
  ORDERS_COLUMN_MISSING: 409,
  ORDERS_COLUMN_TWICE: 409,
  ORDERS_DATES_MIXED: 409,
  ORDERS_DATE_FORMAT: 409,
  ORDERS_FILE_CUT_SHORT: 409,
  ORDERS_FILE_DAMAGED: 409,
  ORDERS_FILE_EMPTY: 409,
  ORDERS_FILE_KIND: 409,
  ORDERS_NONE: 409,
  ORDERS_QUOTE_OPEN: 409,
  ORDERS_REJECTED: 409,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 415,
  REDIS_AWAY: 503,
  REDIS_REFUSES: 503,
};

/** The body of every answer that is an error. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remedy?: string;
    readonly problems?: readonly { readonly path: string; readonly message: string }[];
  };
}

/** The answer to an error. Of one that was not foreseen it tells nothing: its words are for the log. */
export function describeError(thrown: unknown): Answer & { readonly body: ErrorBody } {
  const error = asRedisAway(asBodyError(thrown));
  if (!(error instanceof ClvError)) return UNFORESEEN;
  const { code, message, remedy } = error;
  const problems = error instanceof RequestInvalidError ? { problems: error.problems } : {};
  const status = STATUS_OF_CODE[code] ?? 500;
  return {
    status,
    body: { error: { code, message, ...(remedy === undefined ? {} : { remedy }), ...problems } },
    ...(status === 503 ? { headers: { 'Retry-After': RETRY_AFTER_SECONDS } } : {}),
  };
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
