import type { Random } from '../random.ts';
import { CUSTOMER_VALUE_SHAPE, RATE_TO_SPEND_POWER } from './customerKinds.ts';
import { exponential, gamma } from './distributions.ts';
import type { KindInShop, Shop } from './shop.ts';

/** The hidden traits of a customer, which only the simulation knows. */
export interface Customer {
  readonly kindInShop: KindInShop;
  /** The day of the first order. */
  readonly firstDay: number;
  /** Orders a day on a day of factor 1, while the customer stays. */
  readonly ratePerDay: number;
  /** Chance a day of leaving for good. */
  readonly dropoutPerDay: number;
  /** The first day on which the customer is gone; may lie beyond the horizon. */
  readonly goneDay: number;
  /** Mean order value in cents on a day of factor 1. */
  readonly meanCents: number;
}

/**
 * Draws one customer: kind, arrival, rate (gamma), lifetime (exponential with a gamma hazard: Pareto), and mean
 * order value (inverse gamma, as in the Gamma-Gamma model of Fader, Hardie and Lee 2005, "RFM and CLV: using iso-value
 * curves for customer base analysis"; unlike there, it rises a little with the rate).
 */
export function drawCustomer(shop: Shop, random: Random): Customer {
  const kindInShop = drawKind(shop, random.uniform());
  const { kind } = kindInShop;
  const firstDay = shop.arrivals.dayOf(shop.arrivals.total * random.uniform());
  const relativeRate = gamma(random, kind.rateShape) / kind.rateShape;
  const dropoutPerDay = (kind.meanDropoutPerDay * gamma(random, kind.dropoutShape)) / kind.dropoutShape;
  const lifetimeDays = exponential(random) / dropoutPerDay;
  const relativeSpend = (CUSTOMER_VALUE_SHAPE - 1) / gamma(random, CUSTOMER_VALUE_SHAPE);
  return {
    kindInShop,
    firstDay,
    ratePerDay: kind.meanRatePerDay * relativeRate,
    dropoutPerDay,
    // A customer is there on a day if the lifetime reaches beyond the beginning of that day; it starts with the first
    // order.
    goneDay: firstDay + Math.max(1, Math.ceil(lifetimeDays)),
    meanCents: 100 * kind.meanSpend * relativeSpend * relativeRate ** RATE_TO_SPEND_POWER,
  };
}

function drawKind(shop: Shop, u: number): KindInShop {
  let below = 0;
  for (const candidate of shop.kinds) {
    below += candidate.kind.share;
    if (u < below) return candidate;
  }
  return shop.kinds[0]!;
}
