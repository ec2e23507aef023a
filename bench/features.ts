/**
 * What features cost, and what those beyond the base features are worth:
 *
 *     npm run bench:features -- [--customers 100000] [--months 36] [--busier 1] [--repeats 5] [--seeds 42,43,44]
 *                               [--orders <file> --cutoff <date> --history-months <n> --pred-months <n>]
 *
 * The cost is that of one cutoff of a sample shop, with 12 months of history and two threads; the best of the repeats
 * is shown too, because others may use the machine. The worth is measured with the forest of the default config, fitted
 * one prediction window before the cutoff and measured at it, on a sample shop of 20,000 customers and on the orders
 * given.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addMonths } from '../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../src/domain/calendar/windows.ts';
import { evaluateForecast } from '../src/domain/evaluation/metrics.ts';
import { chooseFeatures } from '../src/domain/features/chooseFeatures.ts';
import { growForest } from '../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../src/domain/forest/params.ts';
import { predictRows } from '../src/domain/forest/predicting/predict.ts';
import { writeSampleShop } from '../src/sample/writeSampleShop.ts';
import { readShop, USUAL_COLUMNS } from './readShop.ts';

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    months: { type: 'string', default: '36' },
    busier: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '5' },
    seeds: { type: 'string', default: '42,43,44' },
    orders: { type: 'string' },
    cutoff: { type: 'string', default: '2025-01-01' },
    'history-months': { type: 'string', default: '12' },
    'pred-months': { type: 'string', default: '6' },
  },
});

const END = '2026-01-01';
const CHOICES = [['base'], ['base', 'recent'], ['base', 'value', 'rhythm'], ['base', 'lifetime'], ['all']];
const folder = mkdtempSync(join(tmpdir(), 'features-bench-'));

try {
  const [cpu] = cpus();
  console.log(
    `${cpus().length} x ${cpu.model}, Node ${process.version}; load before: ${loadavg()[0].toFixed(2)}.\n`,
  );
  await cost();
  const sample = join(folder, 'sample.csv');
  await writeSampleShop({ out: sample, customers: 20_000, months: 36, end: END });
  await worth('sample shop of 20,000', sample, '2025-07-01', 12, 6);
  const { orders, cutoff } = options;
  if (orders !== undefined) {
    await worth(orders, orders, cutoff, Number(options['history-months']), Number(options['pred-months']));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function cost(): Promise<void> {
  const out = join(folder, 'large.csv');
  const months = Number(options.months);
  await writeSampleShop({
    out,
    customers: Number(options.customers),
    months,
    end: END,
    changeAt: addMonths(END, -months),
    changeFactor: Number(options.busier),
  });
  const start = performance.now();
  const book = await readShop({ ...USUAL_COLUMNS, source: out });
  const { report } = book;
  console.log(
    `${report.customers.toLocaleString('en-GB')} customers, ${report.orders.toLocaleString('en-GB')} orders, read in ${seconds(performance.now() - start)} s.\n`,
  );
  console.log(
    '| features of | columns | rows | median s | best s |\n| ----------- | ------: | ---: | -------: | -----: |',
  );
  for (const groups of CHOICES) {
    const features = chooseFeatures(groups);
    const times: number[] = [];
    let rows = 0;
    for (let i = 0; i < Number(options.repeats); i++) {
      const begun = performance.now();
      const { matrix } = await book.features(historyWindow(END, 12), { features, predMonths: 6 });
      times.push(performance.now() - begun);
      rows = matrix.rows;
    }
    times.sort((a, b) => a - b);
    console.log(
      `| ${groups.join(', ')} | ${features.length} | ${rows} | ${seconds(times[Math.floor(times.length / 2)])} | ${seconds(times[0])} |`,
    );
  }
  book.close();
}

async function worth(
  name: string,
  source: string,
  cutoff: string,
  historyMonths: number,
  predMonths: number,
): Promise<void> {
  const book = await readShop({ ...USUAL_COLUMNS, source });
  const at = async (day: string, features: readonly string[]) => {
    const history = historyWindow(day, historyMonths);
    const { matrix } = await book.features(history, { features, predMonths });
    return { matrix, labels: await book.revenue(history, predictionWindow(day, predMonths)) };
  };
  console.log(`\n${name}: cutoff ${cutoff}, ${historyMonths} + ${predMonths} months.\n`);
  console.log(
    '| features of | seed | customers | RMSE | R² | Spearman |\n| ----------- | ---: | --------: | ---: | -: | -------: |',
  );
  for (const groups of CHOICES) {
    const features = chooseFeatures(groups);
    const [earlier, now] = [await at(addMonths(cutoff, -predMonths), features), await at(cutoff, features)];
    for (const seed of options.seeds.split(',').map(Number)) {
      const params = completeForestParams({ seed });
      const { forest } = growForest(earlier.matrix, earlier.labels, params, { outOfBag: false });
      const predicted = new Float64Array(now.matrix.rows);
      predictRows(forest, now.matrix, 0, now.matrix.rows, predicted);
      const { customers, rmse, r2, spearman } = evaluateForecast(predicted, now.labels);
      console.log(
        `| ${groups.join(', ')} | ${seed} | ${customers} | ${rmse.toFixed(4)} | ${r2?.toFixed(4)} | ${spearman?.toFixed(4)} |`,
      );
    }
  }
  book.close();
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
