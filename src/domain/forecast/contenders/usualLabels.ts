import type { DateWindow } from '../../calendar/windows.ts';
import { asSharedFloats } from '../../sharedFloats.ts';
import { type Season, seasonOfWindow } from '../season/season.ts';

/** Labels over the factor of their window: what these months would have brought had they been usual ones. */
export function usualLabels(
  labels: Float64Array,
  window: DateWindow,
  season: Season | null,
): Float64Array<SharedArrayBuffer> {
  const factor = seasonOfWindow(season, window);
  return asSharedFloats(labels.map((label) => label / factor));
}
