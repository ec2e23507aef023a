/** What a feature is called, counted in, and means. Declared once; every list of features is made from these. */
export interface FeatureDeclaration {
  readonly name: string;
  readonly unit: 'currency' | 'orders' | 'days' | 'log currency' | 'yes or no';
  readonly meaning: string;
}

/** The eleven features that every model can use, in the order of their columns. */
export const BASE_FEATURES = [
  { name: 'revenue_sum', unit: 'currency', meaning: 'Net revenue in the history window.' },
  { name: 'revenue_count', unit: 'orders', meaning: 'Orders in the history window, returns included.' },
  { name: 'avg_order_value', unit: 'currency', meaning: 'revenue_sum over revenue_count.' },
  { name: 'tenure_days', unit: 'days', meaning: 'From the first order in the window to the cutoff.' },
  { name: 'recency_days', unit: 'days', meaning: 'From the last order in the window to the cutoff.' },
  {
    name: 'log_revenue_sum',
    unit: 'log currency',
    meaning: 'log(1 + revenue_sum); for net returns -log(1 - revenue_sum).',
  },
  { name: 'is_repeat_buyer', unit: 'yes or no', meaning: '1 with two or more orders in the window.' },
  {
    name: 'active_last_30d',
    unit: 'yes or no',
    meaning: '1 with an order in the 30 days before the cutoff.',
  },
  {
    name: 'mean_days_between_orders',
    unit: 'days',
    meaning: 'Mean gap between consecutive orders; missing with one order.',
  },
  {
    name: 'std1_days_between_orders',
    unit: 'days',
    meaning: 'Sample standard deviation of the gaps; missing with fewer than three orders.',
  },
  { name: 'median_days_between_orders', unit: 'days', meaning: 'Median gap; missing with one order.' },
] as const satisfies readonly FeatureDeclaration[];

export type BaseFeatureName = (typeof BASE_FEATURES)[number]['name'];
