import type { DateWindow } from '../../calendar/windows.ts';
import { asSharedFloats } from '../../sharedFloats.ts';
import { type Season, seasonOfWindow } from '../season/season.ts';

/** Labels, in currency, divided by the seasonal factor of their window. */
export function seasonallyAdjusted(
  labels: Float64Array,
  window: DateWindow,
  season: Season | null,
): Float64Array<SharedArrayBuffer> {
  const factor = seasonOfWindow(season, window);
  return asSharedFloats(labels.map((label) => label / factor));
}
