import type { PackedTrees } from '../forest/packedTrees.ts';
import type { BoostingParams } from './boostingParams.ts';

/**
 * Trained boosted trees. A row's score is `base` and the values of its leaves, added in the order of trees; its
 * prediction is the score behind the inverse link of `params.loss`. Values hold the learning rate, inner nodes too;
 * `cover` is the sum of hessians, which is the weight of the rows where the loss is the squared error.
 */
export interface Booster extends PackedTrees {
  readonly params: BoostingParams;
  /** Rows of the training matrix. */
  readonly trainingRows: number;
  /** Score of every row before the first tree. */
  readonly base: number;
  /** Scores are whole multiples of this power of two, so that contributions add up to them exactly. */
  readonly quantum: number;
  /** What the caller wants kept with the model: a JSON object. */
  readonly metadata: Readonly<Record<string, unknown>>;
}
