import { type MaximumLikelihood, maximiseLikelihood } from './maximumLikelihood.ts';
import type { PurchaseHistories } from './purchaseHistories.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';

/** The standard deviation of the prior of a parameter's logarithm. */
const PRIOR_DEVIATION = 1;

/**
 * The mode of the posterior (maximum a posteriori): of the likelihood of these histories times log-normal priors. The
 * `logLikelihood` of the result is that of the posterior, up to a constant.
 *
 * @param likely the centres of the priors, above zero; parameters that are not in it have none. @param start where to begin the search.
 */
export function posteriorMode(
  process: PurchaseProcess,
  histories: PurchaseHistories,
  likely: PurchaseParameters,
  start: readonly number[],
): MaximumLikelihood {
  const names = process.parameterNames;
  const centre = names.map((name) => (likely[name] === undefined ? null : Math.log(likely[name])));
  return maximiseLikelihood({
    parameterNames: names,
    floors: names.map(() => 0),
    observations: histories.customers,
    startingPoints: [start],
    logLikelihood: (parameters, gradient) => {
      let value = process.logLikelihood(parameters, histories, gradient);
      centre.forEach((logarithm, k) => {
        if (logarithm === null) return;
        const deviation = (Math.log(parameters[k]) - logarithm) / PRIOR_DEVIATION;
        value -= deviation ** 2 / 2;
        gradient[k] -= deviation / (PRIOR_DEVIATION * parameters[k]);
      });
      return value;
    },
  });
}
