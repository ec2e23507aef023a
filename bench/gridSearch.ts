/**
 * A whole window search, from the start of the process to the proposal, with two threads and with one:
 *
 *     npm run bench:grid -- [--customers 7000] [--months 48] [--busier 1.56] [--repeats 3] [--threads 2,1]
 *       [--engine tournament] [--features all]
 *
 * 24 pairs of windows with 4 folds each, with the default config except for `engine` and `features`, on a sample shop
 * whose customers buy `busier` times as often as those of `clv sample`: by default 7,000 customers with 125,000 orders.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { homeAt } from '../src/config/home.ts';
import { initHome } from '../src/config/initHome.ts';
import { addMonths } from '../src/domain/calendar/dates.ts';
import { writeSampleShop } from '../src/sample/writeSampleShop.ts';

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '7000' },
    months: { type: 'string', default: '48' },
    busier: { type: 'string', default: '1.56' },
    repeats: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2,1' },
    engine: { type: 'string', default: 'tournament' },
    features: { type: 'string', default: 'all' },
  },
});

/** The day after the last one of the shop: fixed, so that every run of this benchmark searches the same orders. */
const end = '2026-01-01';

interface SearchRun {
  readonly wallSeconds: number;
  /** User and system time of the process with all its threads. */
  readonly cpuSeconds: number;
  readonly results: string;
}

const folder = mkdtempSync(join(tmpdir(), 'grid-bench-'));
try {
  const out = join(folder, 'orders.csv');
  const { customers, rows } = await writeSampleShop({
    out,
    customers: Number(options.customers),
    months: Number(options.months),
    end,
    changeAt: addMonths(end, -Number(options.months)),
    changeFactor: Number(options.busier),
  });
  const [cpu] = cpus();
  console.log('# Window search\n');
  console.log(
    `${cpus().length} x ${cpu.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}; load of the machine before: ${loadavg()[0].toFixed(2)}.`,
  );
  console.log(
    `${customers.toLocaleString('en-GB')} customers, ${rows.toLocaleString('en-GB')} orders, ${options.months} months; 24 combinations x 4 folds; engine ${options.engine}, features ${options.features}; medians over ${options.repeats}.\n`,
  );
  console.log('| threads | wall s | wall, first = 1 | CPU s |');
  console.log('|--:|--:|--:|--:|');
  let first: number | undefined;
  const results = new Set<string>();
  for (const threads of options.threads.split(',')) {
    const runs: SearchRun[] = [];
    for (let i = 0; i < Number(options.repeats); i++) runs.push(await search(out, threads));
    for (const run of runs) results.add(run.results);
    const wall = median(runs.map((run) => run.wallSeconds));
    first ??= wall;
    console.log(
      `| ${threads} | ${wall.toFixed(2)} | ${(wall / first).toFixed(2)} | ${median(runs.map((run) => run.cpuSeconds)).toFixed(2)} |`,
    );
  }
  console.log(`\nLoad of the machine after: ${loadavg()[0].toFixed(2)}.`);
  if (results.size !== 1) throw new Error('The runs do not agree: there are different results files.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs one search in a separate home. */
async function search(orders: string, threads: string): Promise<SearchRun> {
  const home = homeAt(mkdtempSync(join(folder, 'home-')));
  await initHome(home);
  const config = readFileSync(home.configFile, 'utf8');
  writeFileSync(
    home.configFile,
    config
      .replace('threads: null', `threads: ${threads}`)
      .replace('engine: tournament', `engine: ${options.engine}`)
      .replace('features: [all]', `features: [${options.features}]`),
  );
  const usageFile = join(home.root, 'usage.json');
  const usage = `import { writeFileSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads'; if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(usageFile)}, JSON.stringify(process.cpuUsage())));`;
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(usage)}`,
      ...['dist/src/cli/main.js', 'grid-search', '--home', home.root, '--orders', orders],
      ...['--history-months', '3,6,9,12,15,18', '--pred-months', '3,6,9,12', '--folds', '4'],
      ...['--override-eligibility', 'a benchmark on old orders'],
    ],
    { encoding: 'utf8' },
  );
  const wallSeconds = (performance.now() - startedAt) / 1000;
  if (status !== 0) throw new Error(`The search ended with ${status}: ${stderr}`);
  const { user, system } = JSON.parse(readFileSync(usageFile, 'utf8'));
  const made = join(home.outputs, 'grid_search');
  const file = readdirSync(made).find((name) => name.startsWith('clv_grid_search_results_')) as string;
  return { wallSeconds, cpuSeconds: (user + system) / 1e6, results: readFileSync(join(made, file), 'utf8') };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
