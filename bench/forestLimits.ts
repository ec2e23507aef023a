/**
 * What limits the speed of growing trees: times the two inner loops of the kernel on records that fit the caches and on
 * records that do not, and on rows whose side the processor can predict and on rows where it cannot. Prints
 * nanoseconds.
 *
 *     node node_modules/.cache/bench/bench/forestLimits.js
 */
import { MemoryPlan, startKernel } from '../src/domain/forest/kernel/forestKernel.ts';
import { Random } from '../src/domain/random.ts';

const recordShift = 5;
const recordHead = 16;
const histogramBytes = 4096;
const repeats = 7;

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

/**
 * @returns nanoseconds a row for adding to four histograms, and for partitioning by a random and by a constant side.
 */
function measure(records: number, every: number): { add: number; randomSide: number; constantSide: number } {
  const rows = Math.floor(records / every);
  const plan = new MemoryPlan();
  const at = {
    histograms: plan.take(4 * histogramBytes),
    bagged: plan.take(4 * (rows + 1)),
    spare: plan.take(4 * (rows + 1)),
    records: plan.take(records << recordShift),
  };
  const { run, bytes, words, floats } = startKernel(plan);
  run.layOut(records, at.records, recordShift, at.bagged, at.spare, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 ** 20, 5);
  const random = new Random(1);
  for (let record = 0; record < records; record++) {
    const start = at.records + (record << recordShift);
    floats[start / 8] = random.below(1000);
    floats[start / 8 + 1] = 2 ** 20 + 1;
    for (let feature = 0; feature < 12; feature++) bytes[start + recordHead + feature] = random.below(255);
  }
  const list = (): void => {
    for (let i = 0; i < rows; i++) words[at.bagged / 4 + i] = at.records + ((i * every) << recordShift);
  };
  const from = at.bagged;
  const to = at.bagged + 4 * rows;
  const passes = Math.max(1, Math.floor(2_000_000 / rows));
  const time = (work: () => void): number => {
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      list();
      const start = performance.now();
      for (let pass = 0; pass < passes; pass++) work();
      times.push(((performance.now() - start) * 1e6) / (passes * rows));
    }
    return median(times);
  };
  const h = (lane: number): number => at.histograms + lane * histogramBytes;
  return {
    add: time(() => run.accumulate(from, to, 4, 16, 17, 18, 19, h(0), h(1), h(2), h(3), 1)),
    // Partitioned again by the same rule, the rows would be sorted by side already, so feature and limit change.
    randomSide: time(() => run.partition(from, to, recordHead + random.below(12), 60 + random.below(130), 0)),
    constantSide: time(() => run.partition(from, to, recordHead + random.below(12), 255, 0)),
  };
}

console.log(
  'records | MiB | every | four histograms, ns a row | random side, ns a row | constant side, ns a row',
);
for (const records of [2_000, 20_000, 100_000, 1_000_000]) {
  for (const every of [1, 8]) {
    const { add, randomSide, constantSide } = measure(records, every);
    const size = (records * 2 ** recordShift) / 2 ** 20;
    console.log(
      `${records} | ${size.toFixed(2)} | ${every} | ${add.toFixed(2)} | ${randomSide.toFixed(2)} | ${constantSide.toFixed(2)}`,
    );
  }
}
