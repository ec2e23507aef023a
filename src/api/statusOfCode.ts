/** The HTTP status of every error that is not the server's own fault (500), by its code. */
export const STATUS_OF_CODE = {
  REQUEST_INVALID: 400,
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
  ORDERS_FILE_ENCODING: 409,
  ORDERS_FILE_KIND: 409,
  ORDERS_NONE: 409,
  ORDERS_QUOTE_OPEN: 409,
  ORDERS_REJECTED: 409,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 415,
  REDIS_AWAY: 503,
  REDIS_REFUSES: 503,
} as const satisfies Readonly<Record<string, number>>;

/** The code of an error that has a status of its own. */
export type ErrorCode = keyof typeof STATUS_OF_CODE;

/** The status of an answer to an error with this code; 500 for every code that is not in the table. */
export function statusOf(code: string): number {
  return Object.hasOwn(STATUS_OF_CODE, code) ? STATUS_OF_CODE[code as ErrorCode] : 500;
}

/** What can be wrong with the orders. */
export const ORDERS_CODES = (Object.keys(STATUS_OF_CODE) as ErrorCode[]).filter((code) =>
  code.startsWith('ORDERS_'),
);

/** What can be wrong with Redis. */
export const REDIS_CODES = ['REDIS_AWAY', 'REDIS_REFUSES'] as const satisfies readonly ErrorCode[];
