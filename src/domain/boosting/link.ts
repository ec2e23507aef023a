import type { BoostingParams } from './boostingParams.ts';

/** What stands between scores and predictions: nothing, or the logarithm. */
export type Link = 'identity' | 'log';

/** The link of a loss. */
export function linkOf({ loss }: Pick<BoostingParams, 'loss'>): Link {
  return loss === 'tweedie' ? 'log' : 'identity';
}

/** Scores on the scale of the logarithm end here, so that no power of a mean overflows; exp(350) is above 1e150. */
export const scoreLimit = 350;

/** The prediction of a score. */
export function toMean(link: Link, score: number): number {
  return link === 'identity' ? score : Math.exp(Math.max(-scoreLimit, Math.min(scoreLimit, score)));
}
