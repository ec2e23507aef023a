import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addMonths } from '../src/domain/calendar/dates.ts';
import { allocateMatrix } from '../src/domain/features/matrix.ts';
import type { TimingData } from './forestData.ts';

/** Features and revenue of one shop at two cutoffs; the later one is at the end of the earlier one's window. */
export interface ShopData {
  readonly name: string;
  readonly train: TimingData;
  readonly test: TimingData;
}

interface OrdersOptions {
  readonly orders?: string | undefined;
  readonly cutoff?: string | undefined;
  readonly 'history-months': string;
  readonly 'pred-months': string;
}

function clv(home: string, ...words: string[]): void {
  const command = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
  execFileSync(process.execPath, [command, ...words, '--home', home], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The sample shop, and the shop of `orders` if given, made with the same commands that operators use. */
export function* shopData(folder: string, options: OrdersOptions): Generator<ShopData> {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  clv(home, 'init');
  const sample = join(folder, 'sample.csv.gz');
  clv(
    home,
    'sample',
    '--out',
    sample,
    '--customers',
    '30000',
    '--months',
    '36',
    '--end',
    '2025-01-01',
    '--seed',
    '1',
  );
  yield shopAt('sample shop', folder, home, sample, '2024-01-01', 18, 6);
  const { orders, cutoff } = options;
  if (orders === undefined || cutoff === undefined) return;
  const months = [Number(options['history-months']), Number(options['pred-months'])] as const;
  yield shopAt('orders given', folder, home, orders, cutoff, ...months);
}

function shopAt(
  name: string,
  folder: string,
  home: string,
  orders: string,
  cutoff: string,
  historyMonths: number,
  predMonths: number,
): ShopData {
  const at = (day: string): TimingData => {
    const out = join(folder, 'features.csv');
    const months = ['--history-months', String(historyMonths), '--pred-months', String(predMonths)];
    clv(home, 'features', '--orders', orders, '--cutoff', day, ...months, '--out', out);
    return readFeatures(out);
  };
  return { name, train: at(cutoff), test: at(addMonths(cutoff, predMonths)) };
}

/** Reads a file of `clv features`: customer id, features, revenue; an empty cell is a missing value. */
function readFeatures(path: string): TimingData {
  const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
  const names = header.split(',').slice(1, -1);
  const matrix = allocateMatrix(names, rows.length);
  const target = new Float64Array(new SharedArrayBuffer(rows.length * Float64Array.BYTES_PER_ELEMENT));
  rows.forEach((line, row) => {
    const cells = line.split(',').slice(-names.length - 1);
    names.forEach((_, feature) => {
      const cell = cells[feature];
      matrix.values[feature * rows.length + row] = cell === '' ? Number.NaN : Number(cell);
    });
    target[row] = Number(cells[names.length]);
  });
  return { matrix, target };
}
