/** How one kind of customer behaves; rates and hazards are gamma distributed over its customers. */
export interface CustomerKind {
  readonly name: 'household' | 'replenisher' | 'business';
  /** Share of all customers. */
  readonly share: number;
  /** Orders a day on a day of factor 1, averaged over the kind. */
  readonly meanRatePerDay: number;
  /** Shape of the gamma distribution of rates: the smaller, the more unequal the customers. */
  readonly rateShape: number;
  /** Exponential stages between two orders: 1 is a Poisson process, more is a steadier rhythm (Erlang). */
  readonly stages: 1 | 4;
  /** Chance a day of leaving for good, averaged over the kind. */
  readonly meanDropoutPerDay: number;
  /** Shape of the gamma distribution of those chances; lifetimes are then Pareto distributed. */
  readonly dropoutShape: number;
  /** Average order of a customer of the kind, in the shop's currency, on a day of factor 1. */
  readonly meanSpend: number;
  /** 0 ignores Christmas and the summer, 1 follows the shop's season in full. */
  readonly seasonSensitivity: number;
  /** 0 ignores promotions, 1 follows them in full. */
  readonly promotionSensitivity: number;
  /** Factors of Monday to Sunday; their mean is 1. */
  readonly weekdays: readonly [number, number, number, number, number, number, number];
}

/**
 * The customers of the practice shop.
 *
 * Poisson orders at gamma rates while alive, exponential lifetimes at gamma hazards: the Pareto/NBD model of
 * Schmittlein, Morrison and Colombo (1987), "Counting your customers". Replenishers have Erlang gaps, after
 * Chatfield and Goodhardt (1973), "A consumer purchasing model with Erlang inter-purchase times"; why such
 * regularity matters for prediction: Platzer and Reutterer (2016), "Ticking away the moments". The numbers
 * are ours, chosen so that 36 months give about ten orders a customer.
 */
export const CUSTOMER_KINDS: readonly CustomerKind[] = [
  {
    name: 'household',
    share: 0.875,
    meanRatePerDay: 1 / 45,
    rateShape: 0.6,
    stages: 1,
    meanDropoutPerDay: 1 / 500,
    dropoutShape: 0.8,
    meanSpend: 42,
    seasonSensitivity: 1,
    promotionSensitivity: 1,
    weekdays: [0.95, 0.9, 0.95, 1, 1.1, 1.2, 0.9],
  },
  {
    name: 'replenisher',
    share: 0.12,
    meanRatePerDay: 1 / 35,
    rateShape: 8,
    stages: 4,
    meanDropoutPerDay: 1 / 900,
    dropoutShape: 1,
    meanSpend: 28,
    seasonSensitivity: 0.2,
    promotionSensitivity: 0.25,
    weekdays: [1.1, 1.05, 1, 1, 1, 1, 0.85],
  },
  {
    name: 'business',
    share: 0.005,
    meanRatePerDay: 1 / 12,
    rateShape: 2,
    stages: 1,
    meanDropoutPerDay: 1 / 1500,
    dropoutShape: 1,
    meanSpend: 420,
    seasonSensitivity: 0.3,
    promotionSensitivity: 0,
    weekdays: [1.5, 1.45, 1.4, 1.35, 1.2, 0.08, 0.02],
  },
];

/** Gamma shape of one order's value around the customer's own mean (the `p` of Gamma-Gamma). */
export const ORDER_VALUE_SHAPE = 3;

/** Gamma shape of the inverse of a customer's mean (the `q` of Gamma-Gamma); 4 keeps the variance finite. */
export const CUSTOMER_VALUE_SHAPE = 4;

/** Power of a customer's relative rate in the mean order value: frequent buyers spend a little more an order. */
export const RATE_TO_SPEND_POWER = 0.08;

/** Guest checkouts for each order of a known customer. */
export const GUEST_ORDERS_PER_ORDER = 0.02;

/** Mean value of a guest's order, in the shop's currency. */
export const GUEST_MEAN_SPEND = 36;
