import type { BtydSummary } from '../btyd/summary.ts';
import type { DateWindow, WindowPair } from '../calendar/windows.ts';
import type { FeatureMatrix } from '../features/matrix.ts';

/** Customers at a cutoff, as every contender needs them; rows of `matrix` and `summary` are the same customers. */
export interface CustomersAt {
  readonly matrix: FeatureMatrix;
  readonly summary: BtydSummary;
  /** The prediction window: it begins at the cutoff. */
  readonly window: DateWindow;
  /** How long both windows are: of the history those months that the shop has seen (`observedMonths`). */
  readonly months: WindowPair;
}
