import { BtydInputError } from './errors.ts';

/** Throws BtydInputError `BTYD_HORIZON_INVALID` unless these are finite weeks from 0 that do not descend. */
export function checkHorizon(ends: readonly number[]): void {
  const isAscending = ends.every((end, k) => Number.isFinite(end) && end >= (k === 0 ? 0 : ends[k - 1]));
  if (isAscending) return;
  throw new BtydInputError('BTYD_HORIZON_INVALID', `${ends.join(', ')} weeks cannot be predicted.`, {
    remedy: 'Name finite numbers of weeks from 0, in ascending order.',
    values: { weeks: ends },
  });
}
