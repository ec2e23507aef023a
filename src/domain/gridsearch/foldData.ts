import type { BtydSummary } from '../btyd/summary.ts';
import type { DateWindow } from '../calendar/windows.ts';
import type { FeatureMatrix } from '../features/matrix.ts';
import type { PurchaseModel } from '../forecast/purchases/purchaseModel.ts';
import type { Season } from '../forecast/season/season.ts';

/** What a fold is fitted and measured on; one target and one actual revenue a row of the matrix beside it, in currency. */
export interface FoldData {
  readonly matrix: FeatureMatrix;
  readonly target: Float64Array<SharedArrayBuffer>;
  readonly validation: FeatureMatrix;
  readonly actual: Float64Array<SharedArrayBuffer>;
  /** Null for an engine of one forest. */
  readonly contest: FoldContest | null;
}

/** What contenders need beside features and labels. Nothing in it knows an order from the validation cutoff on. */
export interface FoldContest {
  readonly fit: PurchasesAt;
  readonly validation: PurchasesAt;
  readonly season: Season | null;
}

/** The customers of a matrix as purchase models know them, and the window that is forecast of them. */
export interface PurchasesAt {
  /** Fitted on the orders before the cutoff; null where there is none. */
  readonly btyd: PurchaseModel | null;
  readonly summary: BtydSummary;
  readonly window: DateWindow;
}
