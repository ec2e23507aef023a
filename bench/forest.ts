/**
 * Our forest against scikit-learn, XGBoost and ml-random-forest on the same data, one process after another:
 *
 *     npm run bench:forest -- [--sizes 5000,20000,100000,1000000] [--features 12,40] [--repeats 5]
 *                             [--orders <file> --cutoff <date> --history-months <n> --pred-months <n>]
 *                             [--engines ours-2,xgboost] [--no-accuracy] [--out <file.md>]
 *
 * `--orders` adds a comparison of accuracy on real orders: trained at the cutoff, measured `pred-months` later.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shopData } from './forestAccuracy.ts';
import { makeTimingData } from './forestData.ts';
import { type Engine, type EngineRun, engines, runEngine } from './forestRun.ts';
import { writeNumbers } from './numbersFile.ts';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '5000,20000,100000,1000000' },
    features: { type: 'string', default: '12,40' },
    repeats: { type: 'string', default: '5' },
    engines: { type: 'string', default: engines.join(',') },
    accuracy: { type: 'boolean', default: true },
    orders: { type: 'string' },
    cutoff: { type: 'string' },
    'history-months': { type: 'string', default: '9' },
    'pred-months': { type: 'string', default: '3' },
    out: { type: 'string' },
  },
  allowNegative: true,
});

const chosen = options.engines.split(',') as Engine[];
const trees = 100;
/** ml-random-forest takes time quadratic in rows, so it is timed only on the smallest size, with few trees. */
const libraryRows = 5000;
const libraryTrees = 10;
/** As many rows are predicted as were trained on, but no more than this. */
const mostTestRows = 200_000;

const folder = mkdtempSync(join(tmpdir(), 'forest-bench-'));
const lines: string[] = [];
const missing = new Set<Engine>();
const say = (line: string): void => {
  lines.push(line);
  console.log(line);
};

function runAll(rows: number, repeats: number): EngineRun[] {
  const runs: EngineRun[] = [];
  for (const engine of chosen) {
    const isLibrary = engine === 'ml-random-forest';
    if (isLibrary && rows > libraryRows) continue;
    const run = runEngine(folder, engine, isLibrary ? libraryTrees : trees, isLibrary ? 1 : repeats);
    if (run === undefined) missing.add(engine);
    else runs.push(run);
  }
  return runs;
}

const number = (value: number, digits: number): string => value.toFixed(digits);

try {
  const cpu = cpus();
  say(`# Forest benchmark`);
  say('');
  say(`${cpu.length} x ${cpu[0].model}, ${number(totalmem() / 2 ** 30, 0)} GiB, Node ${process.version}.`);
  say(`${trees} trees, depth 12, 5 rows a leaf, a third of the features a split; medians over the repeats.`);
  say('');
  say('| rows x features | engine | repeats | fit s | fit, ours = 1 | predict rows/s | peak MiB | R² |');
  say('|---|---|--:|--:|--:|--:|--:|--:|');
  for (const rows of options.sizes.split(',').map(Number)) {
    for (const features of options.features.split(',').map(Number)) {
      const train = makeTimingData(rows, features, 1);
      const test = makeTimingData(Math.min(rows, mostTestRows), features, 2);
      writeNumbers(join(folder, 'train.x'), train.matrix.values);
      writeNumbers(join(folder, 'train.y'), train.target);
      writeNumbers(join(folder, 'test.x'), test.matrix.values);
      writeNumbers(join(folder, 'test.y'), test.target);
      const repeats = Number(options.repeats);
      const runs = runAll(rows, repeats);
      const ours = runs.find(({ engine }) => engine === 'ours-2');
      for (const run of runs) {
        const name = run.trees === trees ? run.engine : `${run.engine}, ${run.trees} trees`;
        const ratio = ours === undefined ? '' : number(run.fitSeconds / ours.fitSeconds, 2);
        const speed = Math.round(test.matrix.rows / run.predictSeconds).toLocaleString('en-GB');
        say(
          `| ${rows.toLocaleString('en-GB')} x ${features} | ${name} | ${run.repeats} | ${number(run.fitSeconds, 3)} | ` +
            `${ratio} | ${speed} | ${number(run.peakBytes / 2 ** 20, 0)} | ${number(run.r2, 4)} |`,
        );
      }
    }
  }
  if (options.accuracy) {
    say('');
    say('Accuracy out of time: trained at one cutoff, measured on the months after it.');
    say('');
    say('| orders | customers trained, measured | engine | R² |');
    say('|---|--:|---|--:|');
    for (const shop of shopData(folder, options)) {
      writeNumbers(join(folder, 'train.x'), shop.train.matrix.values);
      writeNumbers(join(folder, 'train.y'), shop.train.target);
      writeNumbers(join(folder, 'test.x'), shop.test.matrix.values);
      writeNumbers(join(folder, 'test.y'), shop.test.target);
      for (const run of runAll(Number.POSITIVE_INFINITY, 1)) {
        if (run.engine === 'ours-1') continue;
        const counts = `${shop.train.matrix.rows}, ${shop.test.matrix.rows}`;
        say(`| ${shop.name} | ${counts} | ${run.engine} | ${number(run.r2, 4)} |`);
      }
    }
  }
  if (missing.size > 0) {
    say('');
    say(
      `Not installed: ${[...missing].join(', ')}. On Debian: apt-get install python3-sklearn python3-xgboost`,
    );
  }
  if (options.out !== undefined) writeFileSync(options.out, `${lines.join('\n')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
