import { growBooster } from '../../boosting/growBooster.ts';
import { binMatrix } from '../../forest/binning/binnedMatrix.ts';
import { growForest } from '../../forest/growing/growForest.ts';
import { allocateLinearLeaves, fitLinearLeaves } from '../../forest/growing/linearLeaves.ts';
import { treeCount } from '../../forest/packedTrees.ts';
import type { FittedContender, FittedForest } from './contender.ts';
import type { ContenderParams } from './contenderParams.ts';
import { type ForestPlan, planContenders, type TrainingRows } from './contenderPlans.ts';

/**
 * Grows every contender in the calling thread, in the order of CONTENDERS. The pool gives the same contenders; this is for
 * many small fits side by side.
 *
 * @param boostedTrees how many trees to boost.
 * @throws ForestInputError for rows that cannot be trained on.
 */
export function growContenders(
  rows: TrainingRows,
  boostedTrees: number,
  params: ContenderParams,
): FittedContender[] {
  const { maxBins, seed } = params.forest;
  const plans = planContenders(rows, binMatrix(rows.matrix, maxBins, seed), boostedTrees, params);
  const { boosted } = plans;
  const { booster } = growBooster(boosted.data, boosted.target, boosted.params, { weights: boosted.weights });
  return allContenders(rows.latestMean, {
    forest: grow(plans.forest),
    boosted: { booster, target: boosted.form },
    forestOnBtyd: grow(plans.forestOnBtyd),
  });
}

/** What was grown by the plans. */
export interface GrownContenders {
  readonly forest: Omit<FittedForest, 'name'>;
  readonly boosted: Omit<Extract<FittedContender, { name: 'boosted' }>, 'name'>;
  readonly forestOnBtyd: Omit<FittedForest, 'name'>;
}

/** All contenders in the order of CONTENDERS. @param mean what the contender of that name forecasts. */
export function allContenders(mean: number, grown: GrownContenders): FittedContender[] {
  return [
    { name: 'mean', value: mean },
    { name: 'rate' },
    { name: 'btyd' },
    { name: 'forest', ...grown.forest },
    { name: 'boosted', ...grown.boosted },
    { name: 'forest_btyd', ...grown.forestOnBtyd },
  ];
}

function grow({ data, target, regressor, params, form }: ForestPlan): Omit<FittedForest, 'name'> {
  const { forest } = growForest(data, target, params, { outOfBag: false });
  const lines = allocateLinearLeaves(forest);
  fitLinearLeaves(forest, data, target, regressor, { from: 0, to: treeCount(forest) }, lines);
  return { forest, lines, target: form };
}
