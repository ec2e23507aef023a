import { RequestInvalidError } from './errors/errors.ts';

/**
 * Throws RequestInvalidError with every key of a query: no route of the API has any, and whoever sends one would take the answer for
 * a selection that it is not.
 */
export function refuseQuery(keys: readonly string[]): void {
  if (keys.length === 0) return;
  throw new RequestInvalidError(
    keys.map((key) => ({
      path: `query.${key}`,
      message: 'is not a known key (no route of the API has a query)',
    })),
  );
}
