import type { BtydSummary } from '../btyd/summary.ts';
import type { FeatureMatrix } from '../features/matrix.ts';

/** Customers at a cutoff, as every contender needs them; rows of `matrix` and `summary` are the same customers. */
export interface CustomersAt {
  readonly matrix: FeatureMatrix;
  readonly summary: BtydSummary;
  /** Length of the prediction window in weeks: its days over 7. */
  readonly weeksAhead: number;
}
