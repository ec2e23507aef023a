/**
 * What it costs to find one customer in a ranked file, as `GET /api/customers/:id` does:
 *
 *     npm run bench:lookup -- [--customers 83000,300000,1000000] [--scans 5] [--lookups 1000]
 *
 * The peer is a plain scan by DuckDB on one thread, of the same file in the same run, after the file's SHA-256. The delay is
 * the longest for which the event loop was held up, as `monitorEventLoopDelay` measures it with a timer every millisecond, and
 * beside it that of as long a time in which the process did nothing: the rest is due to others who use the machine.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { csvTableSql, writeCsv } from '../src/artefacts/files/csvFile.ts';
import { outlookColumns } from '../src/artefacts/run/outlookFile.ts';
import { readRankedCustomer } from '../src/artefacts/run/rankedCustomer.ts';
import { sha256OfFile, writeSidecar } from '../src/artefacts/sidecar.ts';
import { Random } from '../src/domain/random.ts';
import { Duck } from '../src/tables/duck.ts';
import { sqlText } from '../src/tables/sqlWords.ts';

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '83000,300000,1000000' },
    scans: { type: 'string', default: '5' },
    lookups: { type: 'string', default: '1000' },
  },
});
const MONTHS = 6;
const FILE = 'clv_ranked_predictions_20260101_pred6m.csv';

// Of all files that were looked into only the last one is kept.
const startBytes = await memoryBytes();
const [cpu] = cpus();
console.log(
  `${cpus().length} x ${cpu.model}, Node ${process.version}; load before: ${loadavg()[0].toFixed(2)}.\n`,
);
console.log(
  '| customers | MB | scan ms: first, median of the next | lookup ms: first, longest delay in it (idle) | lookup ms: median, 99 % | scan over lookup | MiB kept |',
);
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const customers of options.customers.split(',').map(Number)) await measure(customers);

async function measure(customers: number): Promise<void> {
  const folder = await mkdtemp(`${tmpdir()}/clv-lookup-`);
  try {
    await writeRanked(folder, customers);
    const random = new Random(42);
    const anyId = (): string => idOf(random.below(customers));
    const path = `${folder}/${FILE}`;

    const firstScanMs = await msOf(async () => {
      await sha256OfFile(path);
      await scan(path, anyId());
    });
    const scans = await msOfEach(Number(options.scans), () => scan(path, anyId()));

    const lookup = async (): Promise<void> => {
      const id = anyId();
      const found = await readRankedCustomer(folder, FILE, id);
      if (found?.customer.customer_id !== id) throw new Error(`${id} was not found.`);
    };
    const first = await withDelay(lookup);
    const kept = (await memoryBytes()) - startBytes;
    const idle = await withDelay(() => setTimeout(first.ms));
    const lookups = await msOfEach(Number(options.lookups), lookup);

    const [scanMs, lookupMs] = [quantile(scans, 0.5), quantile(lookups, 0.5)];
    const megabytes = (await stat(path)).size / 1e6;
    console.log(
      `| ${customers.toLocaleString('en-GB')} | ${megabytes.toFixed(0)} | ${firstScanMs.toFixed(0)}, ${scanMs.toFixed(0)} | ${first.ms.toFixed(0)}, ${first.delayMs.toFixed(1)} (${idle.delayMs.toFixed(1)}) | ${lookupMs.toFixed(2)}, ${quantile(lookups, 0.99).toFixed(2)} | ${(scanMs / lookupMs).toFixed(0)} | ${(kept / 2 ** 20).toFixed(1)} |`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A ranked file of invented figures and its sidecar, with the columns of a run. */
async function writeRanked(outputs: string, customers: number): Promise<void> {
  const random = new Random(7);
  const figure = (most: number): number => Math.round(random.uniform() * most * 1e6) / 1e6;
  const path = `${outputs}/${FILE}`;
  const header = [
    ...['customer_id', 'predicted_clv', 'tenure_days', 'recency_days'],
    ...['mean_days_between_orders', 'std1_days_between_orders', 'median_days_between_orders'],
    ...['clv_rank', 'clv_percentile', 'clv_segment', ...outlookColumns(MONTHS)],
  ];
  const written = await writeCsv(path, header, customers, (row) => [
    ...[idOf(row), figure(900), Math.floor(figure(365)), Math.floor(figure(365))],
    ...[figure(90), figure(40), figure(90), row + 1, (row + 1) / customers, 'Others'],
    ...[figure(100), figure(500), figure(2000), figure(1), '2026-02-14'],
    ...Array.from({ length: MONTHS }, () => figure(150)),
  ]);
  const window = { cutoff: '2026-01-01', history_months: 12, pred_months: MONTHS };
  await writeSidecar(path, { file: FILE, ...written, model_id: 'clv_model_20260101_000000', ...window });
}

function idOf(row: number): string {
  return `C${String(row).padStart(7, '0')}`;
}

async function scan(path: string, id: string): Promise<void> {
  using duck = await Duck.open({ threads: 1 });
  const rows = await duck.rows(
    `SELECT * FROM ${csvTableSql(path)} WHERE customer_id = ${sqlText(id)} LIMIT 1`,
  );
  if (rows.length !== 1) throw new Error(`${id} was not found.`);
}

async function withDelay(work: () => Promise<void>): Promise<{ ms: number; delayMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const ms = await msOf(work);
  delay.disable();
  return { ms, delayMs: delay.max / 1e6 };
}

async function msOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function msOfEach(times: number, work: () => Promise<void>): Promise<number[]> {
  const each: number[] = [];
  for (let i = 0; i < times; i++) each.push(await msOf(work));
  return each;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1];
}

/** Of arrays of numbers, such as the table of offsets is one, after what nobody needs any more was cleared away. */
async function memoryBytes(): Promise<number> {
  gc?.();
  await setTimeout(50);
  gc?.();
  return process.memoryUsage().arrayBuffers;
}
