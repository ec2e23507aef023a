import type { DateWindow } from '../../calendar/windows.ts';
import { asSharedFloats } from '../../sharedFloats.ts';
import { type Season, seasonOfWindow } from '../season/season.ts';

/** Labels with the season taken out: divided by the factor of their window, as if these had been usual months. In currency. */
export function usualLabels(
  labels: Float64Array,
  window: DateWindow,
  season: Season | null,
): Float64Array<SharedArrayBuffer> {
  const factor = seasonOfWindow(season, window);
  return asSharedFloats(labels.map((label) => label / factor));
}
