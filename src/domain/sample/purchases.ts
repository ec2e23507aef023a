import { Random } from '../random.ts';
import { type Customer, drawCustomer } from './customer.ts';
import { GUEST_MEAN_SPEND, GUEST_ORDERS_PER_ORDER, ORDER_VALUE_SHAPE } from './customerKinds.ts';
import { erlangOfMeanOne, exponential, poisson } from './distributions.ts';
import { drawReturnDelay, drawReturnedCents, RETURN_SHARE } from './returns.ts';
import type { Shop } from './shop.ts';

/** Purchases in columns that grow and are reused, so that millions of customers cause no garbage collection. */
export class Purchases {
  count = 0;
  /** Day of each purchase, never falling. */
  day = new Int32Array(64);
  /** Value of each purchase in cents, at least 1. */
  cents = new Float64Array(64);
  /** Day on which something came back, possibly after the shop's end; -1 where nothing did. */
  returnDay = new Int32Array(64);
  /** What came back, in cents; 0 where nothing did. */
  returnCents = new Float64Array(64);

  add(day: number, cents: number, returnDay: number, returnCents: number): void {
    if (this.count === this.day.length) this.#grow();
    const at = this.count++;
    this.day[at] = day;
    this.cents[at] = cents;
    this.returnDay[at] = returnDay;
    this.returnCents[at] = returnCents;
  }

  #grow(): void {
    const grown = <T extends Int32Array | Float64Array>(column: T, larger: T): T => {
      larger.set(column);
      return larger;
    };
    const capacity = this.count * 2;
    this.day = grown(this.day, new Int32Array(capacity));
    this.cents = grown(this.cents, new Float64Array(capacity));
    this.returnDay = grown(this.returnDay, new Int32Array(capacity));
    this.returnCents = grown(this.returnCents, new Float64Array(capacity));
  }
}

/** One simulated customer and all purchases that belong to the simulation of this customer. */
export interface CustomerHistory {
  readonly customer: Customer;
  /** The customer's own purchases, in time order. */
  readonly purchases: Purchases;
  /** Purchases by people who gave no name, simulated along with this customer; in no order. */
  readonly guestPurchases: Purchases;
  /** Stages towards the next order that were complete at the truth cutoff; 0 for a Poisson customer. */
  readonly stagesAtCutoff: number;
  /** The customer's random numbers, to draw more from them (for rows that are spoilt on purpose). */
  readonly random: Random;
}

/**
 * Where a history is written. Pass the same columns again to save allocations; the older history is then overwritten.
 */
export interface HistoryColumns {
  readonly purchases: Purchases;
  readonly guestPurchases: Purchases;
}

/** Empty columns for `simulateCustomer`. */
export function allocateHistory(): HistoryColumns {
  return { purchases: new Purchases(), guestPurchases: new Purchases() };
}

/**
 * Simulates customer `number` (1, 2, 3, ...) of the shop. The result depends only on the shop and the number, not on
 * how many customers there are or which were simulated before.
 */
export function simulateCustomer(
  shop: Shop,
  number: number,
  columns: HistoryColumns = allocateHistory(),
): CustomerHistory {
  const random = new Random(shop.seed, number);
  const customer = drawCustomer(shop, random);
  const { purchases, guestPurchases } = columns;
  purchases.count = 0;
  guestPurchases.count = 0;
  const stagesAtCutoff = simulatePurchases(shop, customer, random, purchases);
  simulateGuests(shop, purchases.count, random, guestPurchases);
  return { customer, purchases, guestPurchases, stagesAtCutoff, random };
}

/** Fills `purchases`; returns the number of stages that were complete at the truth cutoff. */
function simulatePurchases(shop: Shop, customer: Customer, random: Random, purchases: Purchases): number {
  const { kind, demand, basket } = customer.kindInShop;
  const { cumulative } = demand;
  buy(customer.firstDay, customer.meanCents * basket[customer.firstDay]!, random, purchases);

  const stageRate = kind.stages * customer.ratePerDay;
  const limit = cumulative[Math.min(shop.days, customer.goneDay)]!;
  const cutoff = shop.truth === undefined ? 0 : cumulative[shop.truth.cutoffDay]!;
  let moment = cumulative[customer.firstDay]!;
  let stage = 0;
  let stagesAtCutoff = 0;
  for (;;) {
    moment += exponential(random) / stageRate;
    if (!(moment < limit)) return stagesAtCutoff;
    stage++;
    if (stage === kind.stages) {
      stage = 0;
      const day = demand.dayOf(moment);
      buy(day, customer.meanCents * basket[day]!, random, purchases);
    }
    if (moment < cutoff) stagesAtCutoff = stage;
  }
}

/** Guests come on the days on which new customers do, and in proportion to the orders of known customers. */
function simulateGuests(shop: Shop, orders: number, random: Random, guestPurchases: Purchases): void {
  for (let left = poisson(random, GUEST_ORDERS_PER_ORDER * orders); left > 0; left--) {
    const day = shop.arrivals.dayOf(shop.arrivals.total * random.uniform());
    buy(day, 100 * GUEST_MEAN_SPEND, random, guestPurchases);
  }
}

function buy(day: number, meanCents: number, random: Random, purchases: Purchases): void {
  const cents = Math.max(1, Math.round(meanCents * erlangOfMeanOne(random, ORDER_VALUE_SHAPE)));
  if (random.uniform() >= RETURN_SHARE) {
    purchases.add(day, cents, -1, 0);
    return;
  }
  const returnDay = day + drawReturnDelay(random);
  purchases.add(day, cents, returnDay, drawReturnedCents(random, cents));
}
