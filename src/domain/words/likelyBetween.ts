import { totalAmount } from './amount.ts';

/** Where a total lies in four windows of five: `; with four chances in five 1,100 to 1,350`. Nothing where that is not known. */
export function likelyBetween(bounds: { readonly p10: number; readonly p90: number } | null): string {
  return bounds === null
    ? ''
    : `; with four chances in five ${totalAmount(bounds.p10)} to ${totalAmount(bounds.p90)}`;
}
