import type { BtydSummary } from '../btyd/summary.ts';
import type { DateWindow } from '../calendar/windows.ts';
import type { FeatureMatrix } from '../features/matrix.ts';
import type { PurchaseModel } from '../forecast/purchases/purchaseModel.ts';
import type { Season } from '../forecast/season/season.ts';

/**
 * What a fold is fitted and measured on. `target` and `actual` have one entry a row of the matrix before them, in
 * currency.
 */
export interface FoldData {
  readonly matrix: FeatureMatrix;
  readonly target: Float64Array<SharedArrayBuffer>;
  readonly validation: FeatureMatrix;
  readonly actual: Float64Array<SharedArrayBuffer>;
  /** Null for an engine of one forest. */
  readonly contest: FoldContest | null;
}

/** What contenders need besides features and labels. No order from the validation cutoff on plays any part in it. */
export interface FoldContest {
  readonly fit: PurchasesAt;
  readonly validation: PurchasesAt;
  readonly season: Season | null;
}

/** The customers of a matrix as purchase models see them, and the window that is forecast. */
export interface PurchasesAt {
  /** Fitted on the orders before the cutoff; null where none could be fitted. */
  readonly btyd: PurchaseModel | null;
  readonly summary: BtydSummary;
  readonly window: DateWindow;
}
