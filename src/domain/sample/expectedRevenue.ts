import type { CustomerHistory } from './purchases.ts';
import { expectedPendingReturn, expectedReturn, RETURN_DELAY_DAYS } from './returns.ts';
import type { KindInShop, Shop, TruthDays } from './shop.ts';

/** What the simulation knows about a customer's future at the cutoff. */
export interface Truth {
  /** Whether the customer has not left by the cutoff. */
  readonly isAlive: boolean;
  /** Expected net revenue in the truth window, in the shop's currency. */
  readonly expectedRevenue: number;
}

/** What an order of mean value 1 is expected to be worth, for one kind of customers and each day of the window. */
interface KindWeights {
  /** Basket factor, less the returns that are expected before the window ends. */
  readonly orderWorth: Float64Array;
  /** `orderWorth` times the day's demand. */
  readonly dayWorth: Float64Array;
}

/**
 * Expected net revenue of simulated customers over the shop's truth window, given all that the simulation knows
 * at the cutoff: the customer's rate, hazard of leaving and mean order value, whether the customer is still
 * there, how far a regular customer is towards the next order, and which orders have come back so far. The
 * expectation is over what is still random then: orders, their values, leaving, and returns.
 *
 * It is a finite sum over the days of the window. On day `d` the customer is still there with probability
 * `exp(-hazard * (d - cutoff))`; the expected number of orders on it is `rate * demand(d)` for a Poisson customer, and
 * the difference of `expectedErlangOrders` for a regular one. It is exact, except that rounding to cents is ignored. A
 * planted change inside the window is part of the expectation.
 */
export class TruthOfShop {
  readonly #window: TruthDays;
  readonly #weights: ReadonlyMap<KindInShop, KindWeights>;

  /** Throws RangeError for a shop without a truth window. */
  constructor(shop: Shop) {
    if (shop.truth === undefined) throw new RangeError('The shop was opened without a truth window.');
    const window = shop.truth;
    this.#window = window;
    this.#weights = new Map(shop.kinds.map((kindInShop) => [kindInShop, kindWeights(kindInShop, window)]));
  }

  /** The truth of one customer; undefined for one whose first order is not before the cutoff. */
  of(history: CustomerHistory): Truth | undefined {
    const { customer } = history;
    const { cutoffDay } = this.#window;
    if (customer.firstDay >= cutoffDay) return undefined;
    const isAlive = customer.goneDay > cutoffDay;
    const cents = (isAlive ? this.#futureCents(history) : 0) - this.#pendingReturnCents(history);
    return { isAlive, expectedRevenue: cents / 100 };
  }

  #futureCents(history: CustomerHistory): number {
    const { customer, stagesAtCutoff } = history;
    const { kindInShop, ratePerDay, dropoutPerDay, meanCents } = customer;
    const { orderWorth, dayWorth } = this.#weights.get(kindInShop)!;
    const stayADay = Math.exp(-dropoutPerDay);
    let isThere = 1;
    let worth = 0;
    if (kindInShop.kind.stages === 1) {
      for (let i = 0; i < dayWorth.length; i++) {
        worth += isThere * dayWorth[i]!;
        isThere *= stayADay;
      }
      return meanCents * ratePerDay * worth;
    }
    const { cumulative } = kindInShop.demand;
    const { cutoffDay } = this.#window;
    let ordersBefore = 0;
    for (let i = 0; i < orderWorth.length; i++) {
      const stages =
        kindInShop.kind.stages * ratePerDay * (cumulative[cutoffDay + i + 1]! - cumulative[cutoffDay]!);
      const orders = expectedErlangOrders(stages, stagesAtCutoff);
      worth += isThere * (orders - ordersBefore) * orderWorth[i]!;
      ordersBefore = orders;
      isThere *= stayADay;
    }
    return meanCents * worth;
  }

  /**
   * The returns that are expected in the window for orders before it, in cents; also those of customers who have left.
   */
  #pendingReturnCents(history: CustomerHistory): number {
    const { purchases } = history;
    const { cutoffDay, endDay } = this.#window;
    const [, longestDelay] = RETURN_DELAY_DAYS;
    let cents = 0;
    for (let i = 0; i < purchases.count; i++) {
      const age = cutoffDay - purchases.day[i]!;
      if (age <= 0) break;
      if (age > longestDelay) continue;
      const returnDay = purchases.returnDay[i]!;
      const isBack = returnDay >= 0 && returnDay < cutoffDay;
      if (!isBack) cents += purchases.cents[i]! * expectedPendingReturn(age, endDay - cutoffDay);
    }
    return cents;
  }
}

function kindWeights({ demand, basket }: KindInShop, { cutoffDay, endDay }: TruthDays): KindWeights {
  const orderWorth = new Float64Array(endDay - cutoffDay);
  const dayWorth = new Float64Array(endDay - cutoffDay);
  for (let i = 0; i < orderWorth.length; i++) {
    const day = cutoffDay + i;
    orderWorth[i] = basket[day]! * (1 - expectedReturn(endDay - day));
    dayWorth[i] = orderWorth[i]! * demand.weightOf(day);
  }
  return { orderWorth, dayWorth };
}

/**
 * Expected number of orders of a customer who orders at every fourth stage, when `stages` more stages are expected and
 * `done` (0 to 3) are complete: `E[floor((done + N) / 4)]` with `N` Poisson of mean `stages`.
 *
 * `floor(x / 4) = (x - x mod 4) / 4`, and the mean of `(done + N) mod 4` follows in closed form from the Poisson
 * generating function at the fourth roots of unity (the renewal function of Erlang gaps: Cox 1962, "Renewal
 * theory").
 */
export function expectedErlangOrders(stages: number, done: number): number {
  const angle = stages + (done * Math.PI) / 2;
  const sign = done % 2 === 0 ? 1 : -1;
  const remainder =
    1.5 - Math.exp(-stages) * (Math.sin(angle) + Math.cos(angle)) - 0.5 * sign * Math.exp(-2 * stages);
  return (done + stages - remainder) / 4;
}
