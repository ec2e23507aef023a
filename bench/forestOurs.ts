/**
 * Times our forest, our booster or `ml-random-forest`, on data in files, and prints one line of JSON. Started by
 * forest.ts, a process for each engine:
 *
 *     node forestOurs.js <folder> <ours-1 | ours-2 | ours-boosted | ml-random-forest> <trees> <repeats>
 */
import { RandomForestRegression } from 'ml-random-forest';
import { completeBoostingParams } from '../src/domain/boosting/boostingParams.ts';
import { growBooster } from '../src/domain/boosting/growBooster.ts';
import { predictBoosterRows } from '../src/domain/boosting/predictBooster.ts';
import { evaluateForecast } from '../src/domain/evaluation/metrics.ts';
import { predictForest } from '../workers/compute/predictForest.ts';
import { trainForest } from '../workers/compute/trainForest.ts';
import { createComputePool } from '../workers/pool.ts';
import { readMatrix, readNumbers } from './numbersFile.ts';

const [folder, engine, trees, repeats] = process.argv.slice(2);
const target = readNumbers(`${folder}/train.y`);
const actual = readNumbers(`${folder}/test.y`);
const matrix = readMatrix(`${folder}/train.x`, target.length);
const fresh = readMatrix(`${folder}/test.x`, actual.length);
const fitSeconds: number[] = [];
const fitCpuSeconds: number[] = [];
const predictSeconds: number[] = [];
let predicted: Float64Array = new Float64Array(0);

async function timed<Result>(seconds: number[], work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  seconds.push((performance.now() - start) / 1000);
  return result;
}

if (engine === 'ml-random-forest') {
  const rowsOf = ({ values, rows, featureNames }: typeof matrix): number[][] =>
    Array.from({ length: rows }, (_, row) => featureNames.map((_name, j) => values[j * rows + row]));
  const library = new RandomForestRegression({
    seed: 1,
    nEstimators: Number(trees),
    maxFeatures: 1 / 3,
    replacement: false,
    noOOB: true,
    treeOptions: { maxDepth: 12, minNumSamples: 5 },
  });
  await timed(fitSeconds, async () => library.train(rowsOf(matrix), [...target]));
  predicted = Float64Array.from(await timed(predictSeconds, async () => library.predict(rowsOf(fresh))));
} else if (engine === 'ours-boosted') {
  const params = completeBoostingParams({
    trees: Number(trees),
    maxDepth: 6,
    learningRate: 0.1,
    minSamplesLeaf: 20,
    l2: 1,
    seed: 1,
  });
  for (let repeat = 0; repeat < Number(repeats); repeat++) {
    const before = process.cpuUsage();
    const { booster } = await timed(fitSeconds, async () => growBooster(matrix, target, params));
    const { user, system } = process.cpuUsage(before);
    fitCpuSeconds.push((user + system) / 1e6);
    predicted = new Float64Array(fresh.rows);
    await timed(predictSeconds, async () => predictBoosterRows(booster, fresh, 0, fresh.rows, predicted));
  }
} else {
  const pool = createComputePool({ threads: engine === 'ours-1' ? 1 : 2 });
  const params = { trees: Number(trees), maxDepth: 12, minSamplesLeaf: 5, mtry: 1 / 3, seed: 1 };
  for (let repeat = 0; repeat < Number(repeats); repeat++) {
    // As by default in scikit-learn and XGBoost: without out-of-bag predictions and leaf summaries.
    const { forest } = await timed(fitSeconds, () =>
      trainForest(pool, matrix, target, { ...params, leafQuantiles: false }, { outOfBag: false }),
    );
    predicted = await timed(predictSeconds, () => predictForest(pool, forest, fresh));
  }
  await pool.close();
}
const { r2 } = evaluateForecast(predicted, actual);
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ fitSeconds, fitCpuSeconds, predictSeconds, peakBytes, r2 }));
