import type { LevelShift } from '../forecast/season/season.ts';

/** `Since 2025-03-01 customers have ordered 41 % less often than before; the forecasts take it that this lasts.` */
export function shiftSays({ from, factor }: LevelShift): string {
  const percent = Math.round(100 * Math.abs(factor - 1));
  return `Since ${from} customers have ordered ${percent} % ${factor < 1 ? 'less' : 'more'} often than before; the forecasts take it that this lasts.`;
}
