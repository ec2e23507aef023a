import { parseBtydModel } from '../../btyd/btydModel.ts';
import type { StackWeights } from '../combination/stack.ts';
import type { FittedContender } from '../contenders/contender.ts';
import type { Forecaster } from '../forecaster.ts';
import type { IntervalRatios } from '../intervals/intervalRatios.ts';
import type { Intervals } from '../intervals/intervals.ts';
import type { TotalSpread } from '../intervals/totalSpread.ts';
import type { PurchaseModel } from '../purchases/purchaseModel.ts';
import type { Season } from '../season/season.ts';
import type { StoredContender } from './layout.ts';

/** The JSON section of a file of any version; what its trees are is in other sections. */
export interface StoredForecaster
  extends Omit<
    Forecaster,
    'btyd' | 'activity' | 'contenders' | 'season' | 'stack' | 'intervals' | 'totalSpread'
  > {
  /** Up to version 3 without a reach, up to version 9 with nobody beyond. */
  readonly stack: Omit<StackWeights, 'reach' | 'beyond'> & Partial<Pick<StackWeights, 'reach' | 'beyond'>>;
  readonly btyd: StoredPurchaseModel | null;
  /** Not up to version 8. */
  readonly activity?: StoredPurchaseModel | null;
  /** Files of version 1 know no season. */
  readonly season?: StoredSeason | null;
  readonly contenders: readonly StoredContender[];
  /** Up to version 5 ratios, and nothing that says so. */
  readonly intervals: Intervals | Omit<IntervalRatios, 'kind'> | null;
  /** Not up to version 10. */
  readonly totalSpread?: TotalSpread | null;
}

/** Up to version 3 the parameters alone, of weeks of the calendar. `parseBtydModel` reads those of every version. */
type StoredPurchaseModel = { readonly model: unknown; readonly season: StoredSeason | null } | object;

/** Up to version 11 without a change of level. */
type StoredSeason = Omit<Season, 'shift'> & Partial<Pick<Season, 'shift'>>;

/** The forecaster that was stored, whatever the version. Throws BtydModelError for a purchase model that cannot be read. */
export function restore(stored: StoredForecaster, contenders: readonly FittedContender[]): Forecaster {
  const { btyd, activity, season, stack, intervals, totalSpread } = stored;
  return {
    ...stored,
    btyd: restorePurchaseModel(btyd),
    activity: restorePurchaseModel(activity ?? null),
    season: restoreSeason(season ?? null),
    stack: { ...stack, reach: stack.reach ?? null, beyond: stack.beyond ?? null },
    intervals: intervals === null || 'kind' in intervals ? intervals : { kind: 'ratios', ...intervals },
    totalSpread: totalSpread ?? null,
    contenders,
  };
}

function restorePurchaseModel(stored: StoredPurchaseModel | null): PurchaseModel | null {
  if (stored === null) return null;
  return 'model' in stored
    ? { model: parseBtydModel(stored.model), season: restoreSeason(stored.season) }
    : { model: parseBtydModel(stored), season: null };
}

function restoreSeason(stored: StoredSeason | null): Season | null {
  return stored && { ...stored, shift: stored.shift ?? null };
}
