import type { PairedDifference } from './pairedBootstrap.ts';

/** `first` or `second` where the data tell the two apart; `chance` where they do not; `same` for equal forecasts. */
export type ComparisonWinner = 'first' | 'second' | 'chance' | 'same';

/** Which of two forecasts is better, as far as one window of customers can say. */
export interface ComparisonVerdict {
  readonly winner: ComparisonWinner;
  /** One plain sentence. */
  readonly says: string;
}

/** Draws the conclusion from the paired difference of two forecasts' errors; `names` are those of the two. */
export function comparisonVerdict(
  names: readonly [string, string],
  { rmseDifference, interval: [low, high] }: Pick<PairedDifference, 'rmseDifference' | 'interval'>,
): ComparisonVerdict {
  if (rmseDifference === 0 && low === 0 && high === 0)
    return { winner: 'same', says: `${names[0]} and ${names[1]} make the same forecasts.` };
  const isFirstLower = rmseDifference < 0;
  const [better, other] = isFirstLower ? names : [names[1], names[0]];
  // Seen from the better one, so that the lead is a positive number.
  const [least, most] = isFirstLower ? [-high, -low] : [low, high];
  const lead = amount(Math.abs(rmseDifference));
  const range = `95 % between ${amount(least)} and ${amount(most)}`;
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

/** An amount of any currency in digits that people read: four that count, of small ones two. */
export function amount(value: number): string {
  // A bound of 0 that changed sides is -0, which would be written so.
  return (value || 0).toLocaleString('en-GB', { maximumSignificantDigits: Math.abs(value) < 1 ? 2 : 4 });
}
