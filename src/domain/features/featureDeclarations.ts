/** The groups of features, in the order of their columns. `base` belongs to every model. */
export const FEATURE_GROUPS = ['base', 'recent', 'value', 'rhythm', 'season', 'lifetime'] as const;

/** The name, unit and meaning of a feature, and how it is computed. Declared here and nowhere else. */
export interface FeatureDeclaration {
  readonly name: string;
  readonly group: (typeof FEATURE_GROUPS)[number];
  readonly unit:
    | 'currency'
    | 'orders'
    | 'orders in 30 days'
    | 'days'
    | 'log currency'
    | 'yes or no'
    | 'share'
    | 'ratio';
  readonly meaning: string;
  /** An SQL expression over the aggregates of one customer (`src/orders/queries/aggregates.ts`). NULL is a missing value. */
  readonly sql: string;
}

const LONGER = 'where that is longer than the history window, the orders before it count too';

/** Every feature, the eleven base features first, in the order of the columns. */
export const FEATURES: readonly FeatureDeclaration[] = [
  {
    name: 'revenue_sum',
    group: 'base',
    unit: 'currency',
    meaning: 'Net revenue in the history window.',
    sql: 'revenue',
  },
  {
    name: 'revenue_count',
    group: 'base',
    unit: 'orders',
    meaning: 'Orders in the history window, returns included.',
    sql: 'orders',
  },
  {
    name: 'avg_order_value',
    group: 'base',
    unit: 'currency',
    meaning: '`revenue_sum` over `revenue_count`.',
    sql: 'revenue / orders',
  },
  {
    name: 'tenure_days',
    group: 'base',
    unit: 'days',
    meaning: 'From the first order in the window to the cutoff.',
    sql: 'cutoff - first_day',
  },
  {
    name: 'recency_days',
    group: 'base',
    unit: 'days',
    meaning: 'From the last order in the window to the cutoff.',
    sql: 'cutoff - last_day',
  },
  {
    name: 'log_revenue_sum',
    group: 'base',
    unit: 'log currency',
    meaning: 'log(1 + `revenue_sum`); for net returns -log(1 - `revenue_sum`).',
    sql: 'sign(revenue) * ln(1 + abs(revenue))',
  },
  {
    name: 'is_repeat_buyer',
    group: 'base',
    unit: 'yes or no',
    meaning: '1 with two or more orders in the window.',
    sql: 'orders >= 2',
  },
  {
    name: 'active_last_30d',
    group: 'base',
    unit: 'yes or no',
    meaning: '1 with an order in the 30 days before the cutoff.',
    sql: 'cutoff - last_day <= 30',
  },
  {
    name: 'mean_days_between_orders',
    group: 'base',
    unit: 'days',
    meaning: 'Mean gap between consecutive orders in the window; missing with one order.',
    sql: 'CASE WHEN gaps >= 1 THEN gap_sum / gaps END',
  },
  {
    name: 'std1_days_between_orders',
    group: 'base',
    unit: 'days',
    meaning: 'Sample standard deviation of the gaps; missing with fewer than three orders.',
    // From exact whole-number sums: (n * sum of squares - square of the sum) / (n * (n - 1)).
    sql: 'CASE WHEN gaps >= 2 THEN sqrt((gaps * gap_squares - gap_sum * gap_sum) / (gaps * (gaps - 1))) END',
  },
  {
    name: 'median_days_between_orders',
    group: 'base',
    unit: 'days',
    meaning: 'Median gap; missing with one order.',
    sql: 'gap_median',
  },
  recentRevenue(1),
  recentRevenue(3),
  recentRevenue(6),
  recentRevenue(12),
  recentOrders(1),
  recentOrders(3),
  recentOrders(6),
  recentOrders(12),
  {
    name: 'std1_order_value',
    group: 'value',
    unit: 'currency',
    meaning: 'Sample standard deviation of the order values in the window; missing with one order.',
    // As for gaps, from whole numbers: with thousandths a and rests b, an order is a + b / 1000 thousandths. 128 bits
    // do not hold the product of a customer with very many and very large orders (the square of the sum is never more than
    // it): there, with sum = quotient * orders + rest, it is orders * (squares - quotient * sum) - rest * sum.
    sql: `CASE WHEN orders >= 2
      THEN sqrt(greatest(0, CASE WHEN CAST(value_squares AS DOUBLE) * orders < 1e38
          THEN CAST(orders * value_squares - value_sum * value_sum AS DOUBLE)
          ELSE CAST(value_squares - value_sum // orders * value_sum AS DOUBLE) * orders
            - CAST(value_sum % orders AS DOUBLE) * CAST(value_sum AS DOUBLE) END
        + 2 * (orders * rest_products - value_sum * rest_sum) / 1000
        + (orders * rest_squares - rest_sum * rest_sum) / 1000000) / (orders * (orders - 1))) / 1000 END`,
  },
  {
    name: 'max_order_value',
    group: 'value',
    unit: 'currency',
    meaning: 'Value of the largest order in the window.',
    sql: 'largest_value',
  },
  {
    name: 'last_order_value',
    group: 'value',
    unit: 'currency',
    meaning: 'Value of the last order; of several on its day, the smallest: a return follows its purchase.',
    sql: 'last_value',
  },
  {
    name: 'return_share',
    group: 'value',
    unit: 'share',
    meaning: 'Share of the orders in the window that are returns (net revenue below zero).',
    sql: 'returns / orders',
  },
  {
    name: 'recency_share',
    group: 'rhythm',
    unit: 'share',
    meaning:
      '`recency_days` over `tenure_days`: near 0 for customers who bought to the end, 1 for those who bought on one day only.',
    sql: '(cutoff - last_day) / (cutoff - first_day)',
  },
  {
    name: 'orders_per_30d',
    group: 'rhythm',
    unit: 'orders in 30 days',
    meaning: 'Purchase rate: `revenue_count` over `tenure_days`, times 30.',
    sql: '30 * orders / (cutoff - first_day)',
  },
  {
    name: 'overdue_ratio',
    group: 'rhythm',
    unit: 'ratio',
    meaning:
      '`recency_days` over `mean_days_between_orders`: above 1, the next order is later than usual; missing with one order, or where all are of one day.',
    sql: 'CASE WHEN gap_sum > 0 THEN (cutoff - last_day) * gaps / gap_sum END',
  },
  {
    name: 'gap_trend',
    group: 'rhythm',
    unit: 'ratio',
    meaning:
      'Last gap over the mean gap: above 1, orders grow rarer; missing with fewer than three orders, or where all are of one day.',
    sql: 'CASE WHEN gaps >= 2 AND gap_sum > 0 THEN last_gap * gaps / gap_sum END',
  },
  {
    name: 'revenue_same_season',
    group: 'season',
    unit: 'currency',
    meaning:
      "Net revenue in the prediction window's calendar months a year before, at most up to the cutoff; missing where the shop's orders begin after the first of those days, or the customer's after the last.",
    sql: 'CASE WHEN is_season_held AND first_day_ever < season_end THEN coalesce(revenue_season, 0) END',
  },
  {
    name: 'first_order_value',
    group: 'lifetime',
    unit: 'currency',
    meaning: "Value of the customer's first order ever; of several on its day, the largest.",
    sql: 'first_value_ever',
  },
  {
    name: 'days_since_first_order',
    group: 'lifetime',
    unit: 'days',
    meaning: "From the customer's first order ever to the cutoff.",
    sql: 'cutoff - first_day_ever',
  },
  {
    name: 'orders_ever',
    group: 'lifetime',
    unit: 'orders',
    meaning: 'All orders before the cutoff, those before the window too.',
    sql: 'orders_ever',
  },
  {
    name: 'revenue_ever',
    group: 'lifetime',
    unit: 'currency',
    meaning: 'Net revenue of all orders before the cutoff.',
    sql: 'revenue_ever',
  },
];

function recentRevenue(months: 1 | 3 | 6 | 12): FeatureDeclaration {
  return {
    name: `revenue_last_${months}m`,
    group: 'recent',
    unit: 'currency',
    meaning: `Net revenue in the ${monthsBefore(months)}; ${LONGER}.`,
    sql: `coalesce(revenue_${months}m, 0)`,
  };
}

function recentOrders(months: 1 | 3 | 6 | 12): FeatureDeclaration {
  return {
    name: `orders_last_${months}m`,
    group: 'recent',
    unit: 'orders',
    meaning: `Orders in the ${monthsBefore(months)}, returns included; ${LONGER}.`,
    sql: `orders_${months}m`,
  };
}

function monthsBefore(months: number): string {
  return months === 1 ? 'month before the cutoff' : `${months} months before the cutoff`;
}
