import { contenderIndex } from '../contenders/contender.ts';

/**
 * The sizes, in currency, between which the stack passes into what is forecast of customers who are far larger than any that
 * it was measured on (`forecastBeyond`).
 */
export interface Beyond {
  readonly from: number;
  readonly to: number;
}

/** How many times the size of the largest measured customer. The second is what outliers are apart from all others. */
const FROM = 5;
const TO = 10;

/** @param largest the size of the largest customer that the stack is measured on, in currency. */
export function beyondSize(largest: number): Beyond {
  return { from: FROM * largest, to: TO * largest };
}

const [RATE, BTYD] = (['rate', 'btyd'] as const).map(contenderIndex);

/**
 * The forecast of a customer who is far larger than any that contenders were measured on, in currency. Trees have seen nobody
 * like that, so nothing is known of their errors. The purchase model draws the customer towards the others, and counts orders
 * of all years alike. The rate does neither, but is too low for who is new. So this is the mean of what the purchase model
 * says and of the larger of that and the rate.
 *
 * @param forecasts one array a contender, in the order of CONTENDERS.
 */
export function forecastBeyond(forecasts: readonly Float64Array[], row: number): number {
  const btyd = forecasts[BTYD][row];
  return (btyd + Math.max(btyd, forecasts[RATE][row])) / 2;
}
