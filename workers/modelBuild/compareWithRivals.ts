import { comparisonVerdict } from '../../src/domain/evaluation/comparisonVerdict.ts';
import { rmseOf } from '../../src/domain/evaluation/metrics.ts';
import type { RivalComparison } from '../../src/registry/contest.ts';
import { pairedBootstrap } from '../compute/pairedBootstrap.ts';
import type { WorkContext } from '../processor.ts';
import type { ContenderForecast, MeasuredFit } from './fitAndMeasure.ts';

/** What the forecast of the model is called among those of its rivals. */
export const CHAMPION = 'champion';
/** What the model is called in a sentence, also before it is in service. */
const IN_A_SENTENCE = 'the model';

/** The forecasts that a model has to beat before a person can sign it off without saying why. */
const BENCHMARKS = ['mean', 'rate', 'btyd'];

/** What of a measured fit counts here. */
interface Measured extends Pick<MeasuredFit, 'champion' | 'contenders'> {
  readonly customers: { readonly labels: Float64Array };
}

/** How a model did against its rivals, on customers and months that none of them had seen. */
export interface RivalComparisons {
  /** The benchmarks that did better beyond chance. */
  readonly losses: readonly RivalComparison[];
  /** Against the rival with the least RMSE; null without rivals. */
  readonly best: RivalComparison | null;
}

/** Holds a model against the benchmarks, and against the rival that did best, customers resampled in pairs. */
export async function compareWithRivals(
  { customers: { labels }, champion, contenders }: Measured,
  seed: number,
  { pool, signal }: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<RivalComparisons> {
  const best = bestOf(contenders, labels);
  const own = rmseOf(champion, labels);
  const losses: RivalComparison[] = [];
  let closest: RivalComparison | null = null;
  for (const rival of contenders) {
    // Nobody loses, beyond chance or not, to what did no better.
    const mayHaveWon = BENCHMARKS.includes(rival.name) && rmseOf(rival.predicted, labels) < own;
    if (!mayHaveWon && rival !== best) continue;
    const difference = await pairedBootstrap(pool, champion, rival.predicted, labels, seed, { signal });
    const { winner, says } = comparisonVerdict([IN_A_SENTENCE, rival.name], difference);
    const { rmseDifference, interval } = difference;
    const comparison = { name: rival.name, rmse_difference: rmseDifference, interval: [...interval], says };
    if (rival === best) closest = comparison;
    if (mayHaveWon && winner === 'second') losses.push(comparison);
  }
  return { losses, best: closest };
}

/** The forecast with the least squared error; of equals the first. */
function bestOf(
  contenders: readonly ContenderForecast[],
  actual: Float64Array,
): ContenderForecast | undefined {
  const errors = contenders.map(({ predicted }) => rmseOf(predicted, actual));
  return contenders[errors.indexOf(Math.min(...errors))];
}
