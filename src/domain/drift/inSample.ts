import type { IsoDate } from '../calendar/dates.ts';
import type { DriftResult } from './driftResult.ts';

/**
 * Whether the model had learned from months of the window that it forecast: somebody had it score a cutoff of the past. Then
 * its errors are smaller than they are on months that it does not know, and say little.
 *
 * @param labelsEnd the day after the last label that the model learned from; undefined where nobody knows it any more.
 */
export function isInSample({ cutoff }: Pick<DriftResult, 'cutoff'>, labelsEnd: IsoDate | undefined): boolean {
  return labelsEnd !== undefined && cutoff < labelsEnd;
}
