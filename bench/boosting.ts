/**
 * Our boosted trees against XGBoost's on the same data, one process after another:
 *
 *     npm run bench:boosting -- [--rows 100000] [--features 12] [--trees 100] [--repeats 5]
 *
 * Both: depth 6, learning rate 0.1, at least 20 rows a leaf, L2 penalty 1, 255 bins. Ours runs on one thread, XGBoost
 * on two. Processor time is printed beside wall time, since other work on the machine disturbs it less.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeTimingData } from './forestData.ts';
import { boosters, runEngine } from './forestRun.ts';
import { writeNumbers } from './numbersFile.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    features: { type: 'string', default: '12' },
    trees: { type: 'string', default: '100' },
    repeats: { type: 'string', default: '5' },
  },
});
const [rows, features] = [Number(options.rows), Number(options.features)];
const folder = mkdtempSync(join(tmpdir(), 'boosting-bench-'));
try {
  for (const [name, seed] of [
    ['train', 1],
    ['test', 2],
  ] as const) {
    const { matrix, target } = makeTimingData(rows, features, seed);
    writeNumbers(join(folder, `${name}.x`), matrix.values);
    writeNumbers(join(folder, `${name}.y`), target);
  }
  console.log(
    '| rows x features | trees | engine | repeats | fit s | fit CPU s | predict rows/s | peak MiB | R² |',
  );
  console.log('|---|--:|---|--:|--:|--:|--:|--:|--:|');
  for (const engine of boosters) {
    const run = runEngine(folder, engine, Number(options.trees), Number(options.repeats));
    if (run === undefined) {
      console.log(`${engine} is not installed. On Debian: apt-get install python3-xgboost`);
      continue;
    }
    const speed = Math.round(rows / run.predictSeconds).toLocaleString('en-GB');
    console.log(
      `| ${rows.toLocaleString('en-GB')} x ${features} | ${run.trees} | ${run.engine} | ${run.repeats} | ` +
        `${run.fitSeconds.toFixed(3)} | ${run.fitCpuSeconds?.toFixed(3)} | ${speed} | ${(run.peakBytes / 2 ** 20).toFixed(0)} | ${run.r2.toFixed(4)} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
