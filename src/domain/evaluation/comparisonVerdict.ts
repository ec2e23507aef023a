import { roughAmount } from '../words/amount.ts';
import type { PairedDifference } from './pairedBootstrap.ts';

/** `first` or `second` is better; `chance`: the difference may be due to chance; `same`: the forecasts are equal. */
export type ComparisonWinner = 'first' | 'second' | 'chance' | 'same';

/** Which of two forecasts is better, as far as one window of customers can say. */
export interface ComparisonVerdict {
  readonly winner: ComparisonWinner;
  /** One plain sentence. */
  readonly says: string;
}

/** The conclusion from the paired difference between the errors of two forecasts. @param names of the two forecasts. */
export function comparisonVerdict(
  names: readonly [string, string],
  { rmseDifference, interval: [low, high] }: Pick<PairedDifference, 'rmseDifference' | 'interval'>,
): ComparisonVerdict {
  if (rmseDifference === 0 && low === 0 && high === 0)
    return { winner: 'same', says: `${names[0]} and ${names[1]} make the same forecasts.` };
  const isFirstLower = rmseDifference < 0;
  const [better, other] = isFirstLower ? names : [names[1], names[0]];
  // Seen from the better forecast, so that its lead is positive.
  const [least, most] = isFirstLower ? [-high, -low] : [low, high];
  const lead = roughAmount(Math.abs(rmseDifference));
  const range = `95 % between ${roughAmount(least)} and ${roughAmount(most)}`;
  if (least > 0) {
    return {
      winner: isFirstLower ? 'first' : 'second',
      says: `${better} is better than ${other} by ${lead} (${range}) on RMSE; this is beyond chance.`,
    };
  }
  return {
    winner: 'chance',
    says: `${better} is ahead of ${other} by ${lead} (${range}) on RMSE; this may be chance.`,
  };
}
