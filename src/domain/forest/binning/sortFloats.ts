import { MemoryPlan, startKernel } from '../kernel/forestKernel.ts';

/** For fewer numbers the built-in sort is faster than starting the kernel. */
const fewNumbers = 5_000;
const tallyBytes = 8192;

/**
 * Sorts numbers in ascending order.
 *
 * @param values without NaN; their order afterwards is unspecified.
 * @returns the sorted numbers.
 */
export function sortFloats(values: Float64Array): Float64Array {
  const plan = new MemoryPlan();
  const first = plan.take(values.byteLength);
  const spare = plan.take(values.byteLength);
  const tally = plan.take(tallyBytes);
  if (values.length < fewNumbers || !plan.fits) return values.sort();
  const { run, floats } = startKernel(plan);
  floats.set(values, first / 8);
  const at = run.sortFloats(first, values.length, spare, tally) / 8;
  return floats.subarray(at, at + values.length);
}
