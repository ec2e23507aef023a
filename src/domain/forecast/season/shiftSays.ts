import type { LevelShift } from './season.ts';

/**
 * `Since 2025-03-01 customers have ordered 41 % less often than before; the model takes it that this lasts.` Of a change that
 * is taken to be over: `From 2025-03-01 to 2025-07-01 customers ordered ...`.
 */
export function shiftSays({ from, until, factor }: LevelShift): string {
  const often = `${Math.round(100 * Math.abs(factor - 1))} % ${factor < 1 ? 'less' : 'more'} often than before`;
  return until === null
    ? `Since ${from} customers have ordered ${often}; the model takes it that this lasts.`
    : `From ${from} to ${until} customers ordered ${often}; the model takes it that this is over, as modeling.level_shift says.`;
}
