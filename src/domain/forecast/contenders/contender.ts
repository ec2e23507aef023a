import type { Booster } from '../../boosting/booster.ts';
import type { Forest } from '../../forest/forest.ts';
import type { LinearLeaves } from '../../forest/growing/linearLeaves.ts';
import type { FittedTarget } from '../../targets/targetForm.ts';

/** The models that compete for a shop's customers, in the order in which tables name them. */
export const CONTENDERS = [
  { name: 'mean', meaning: 'The mean of the labels, for everybody: what knowing nothing reaches.' },
  { name: 'rate', meaning: 'Each customer goes on spending at the rate of the history window.' },
  {
    name: 'btyd',
    meaning:
      'BG/NBD purchases, each worth what Gamma-Gamma expects; both may depend on what customers spend.',
  },
  {
    name: 'forest',
    meaning: 'A random forest on the features, its leaves lines in what the rate forecasts.',
  },
  {
    name: 'boosted',
    meaning:
      'Boosted trees with the Tweedie loss that multiply what btyd forecasts, on the features and the BTYD features.',
  },
  {
    name: 'forest_btyd',
    meaning:
      'A random forest of what btyd misses, its leaves lines in what btyd forecasts, on the features and the BTYD features.',
  },
] as const satisfies readonly { readonly name: string; readonly meaning: string }[];

/** The name of a contender, as tables and cards have it. */
export type ContenderName = (typeof CONTENDERS)[number]['name'];

/** The place of a contender in CONTENDERS, and so in all that has one entry a contender. */
export function contenderIndex(wanted: ContenderName): number {
  return CONTENDERS.findIndex(({ name }) => name === wanted);
}

/** A contender that has been fitted: all that it needs to forecast, beside the purchase model that is fitted once for all. */
export type FittedContender =
  | { readonly name: 'mean'; readonly value: number }
  | { readonly name: 'rate' }
  | { readonly name: 'btyd' }
  | FittedForest
  | { readonly name: 'boosted'; readonly booster: Booster; readonly target: FittedTarget };

/** A forest, and the lines of its leaves: in the forecast of `rate` (`forest`) or of `btyd` (`forest_btyd`). */
export interface FittedForest {
  readonly name: 'forest' | 'forest_btyd';
  readonly forest: Forest;
  /** Null for leaves that answer with a number. */
  readonly lines: LinearLeaves | null;
  readonly target: FittedTarget;
}
