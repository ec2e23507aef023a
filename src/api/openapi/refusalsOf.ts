import { type ErrorCode, REDIS_CODES, STATUS_OF_CODE } from '../errors/statusOfCode.ts';
import { isOfApi, type Route } from '../route.ts';

/**
 * The codes of the errors of a route by status, but for 500: nearly every route reads the config and some records, and
 * which of them is damaged is for the people who can restore it.
 */
export function refusalsOf(route: Route): ReadonlyMap<number, readonly ErrorCode[]> {
  const { method, body, needsRedis, refusals } = route;
  const codes = new Set<ErrorCode>([
    // The guards.
    'KEY_NEEDED',
    'HOST_REFUSED',
    ...(method === 'get' ? [] : (['ORIGIN_REFUSED'] as const)),
    // A query, a parameter that is no valid percent-encoding, a body that is not as it should be.
    ...(isOfApi(route) ? (['REQUEST_INVALID'] as const) : []),
    ...(body === null ? [] : (['BODY_TOO_LARGE', 'BODY_NOT_JSON'] as const)),
    ...(needsRedis ? REDIS_CODES : []),
    ...refusals,
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = STATUS_OF_CODE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}
