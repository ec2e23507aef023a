import type { BtydPrediction } from '../../btyd/predictBtyd.ts';
import { allocateMatrix, type FeatureMatrix } from '../../features/matrix.ts';

/** What a purchase model that knew nothing later says of a customer; missing where a shop has no such model. */
export const BTYD_FEATURES = [
  {
    name: 'btyd_expected_clv',
    unit: 'currency',
    meaning: 'Revenue in the prediction window that BG/NBD with Gamma-Gamma expects.',
    of: ({ expectedClv }: BtydPrediction) => expectedClv,
  },
  {
    name: 'btyd_expected_purchases',
    unit: 'orders',
    meaning: 'Days with a purchase in the prediction window that BG/NBD expects.',
    of: ({ expectedPurchases }: BtydPrediction) => expectedPurchases,
  },
  {
    name: 'btyd_expected_spend',
    unit: 'currency',
    meaning: 'Value of an order that Gamma-Gamma expects.',
    of: ({ expectedSpend }: BtydPrediction) => expectedSpend,
  },
  {
    name: 'btyd_p_alive',
    unit: 'probability',
    meaning: 'Probability that the customer has not dropped out.',
    of: ({ pAlive }: BtydPrediction) => pAlive,
  },
] as const;

/** A matrix with the BTYD features behind its own. */
export function withBtydFeatures(matrix: FeatureMatrix, prediction: BtydPrediction | null): FeatureMatrix {
  const wide = allocateMatrix(
    [...matrix.featureNames, ...BTYD_FEATURES.map(({ name }) => name)],
    matrix.rows,
  );
  wide.values.set(matrix.values);
  BTYD_FEATURES.forEach(({ of }, k) => {
    const at = (matrix.featureNames.length + k) * matrix.rows;
    if (prediction === null) wide.values.fill(Number.NaN, at, at + matrix.rows);
    else wide.values.set(of(prediction), at);
  });
  return wide;
}
