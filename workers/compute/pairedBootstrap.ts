import {
  type PairedDifference,
  squaredErrors,
  summariseResamples,
} from '../../src/domain/evaluation/pairedBootstrap.ts';
import { asSharedFloats } from '../../src/domain/sharedFloats.ts';
import type { ComputePool } from '../pool.ts';
import { type ComputeOptions, evenSpans, runTasks } from './runTasks.ts';

/** Enough for the outer quantiles of an interval of 95 % to be steady (Efron and Tibshirani 1993, section 13.4). */
export const RESAMPLES = 2000;
/** Resamples of one task. */
const SLICE = 50;

/**
 * The difference of two forecasts' RMSE with its bootstrap interval, on the pool; the same for any number of threads.
 *
 * @param first one prediction a customer; `second` and `actual` in the same order.
 * @param options `onProgress` counts resamples.
 */
export async function pairedBootstrap(
  pool: ComputePool,
  first: Float64Array,
  second: Float64Array,
  actual: Float64Array,
  seed: number,
  { signal, onProgress }: ComputeOptions = {},
): Promise<PairedDifference> {
  const errors = {
    first: asSharedFloats(squaredErrors(first, actual)),
    second: asSharedFloats(squaredErrors(second, actual)),
  };
  const differences = new Float64Array(RESAMPLES);
  let done = 0;
  await runTasks(pool, evenSpans(RESAMPLES, SLICE), async ({ from, to }) => {
    differences.set(await pool.run('resampleDifferencesTask', { ...errors, seed, from, to }, signal), from);
    done += to - from;
    onProgress?.(done, RESAMPLES);
  });
  return summariseResamples(errors.first, errors.second, differences);
}
