import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ClvError } from '../../src/domain/errors.ts';
import { InvalidSampleOptionError } from '../../src/domain/sample/shopOptions.ts';
import { writeDemoShop } from '../../src/sample/demoShop.ts';
import { SampleNotWrittenError } from '../../src/sample/fileNotWritten.ts';
import { type SampleShopOptions, writeSampleShop } from '../../src/sample/writeSampleShop.ts';

const END = '2025-01-01';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clv-sample-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Row {
  readonly orderId: string;
  readonly customerId: string;
  readonly date: string;
  readonly revenue: string;
}

function write(name: string, options: Partial<SampleShopOptions> = {}) {
  return writeSampleShop({ out: join(folder, name), end: END, customers: 500, ...options });
}

function linesOf(name: string): string[] {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  return lines;
}

function rowsOf(name: string): Row[] {
  const [header, ...lines] = linesOf(name);
  expect(header).toBe('order_id,customer_id,order_date,revenue');
  // One expectation for all rows: one for each takes longer than what is tested.
  expect(lines.filter((line) => line.split(',').length !== 4)).toEqual([]);
  return lines.map((line) => {
    const cells = line.split(',');
    return { orderId: cells[0]!, customerId: cells[1]!, date: cells[2]!, revenue: cells[3]! };
  });
}

describe('the practice shop on disk', () => {
  test('has the same bytes for the same options, and others for another seed', async () => {
    await write('a.csv');
    await write('b.csv');
    await write('c.csv', { seed: 2 });
    const [a, b, c] = ['a.csv', 'b.csv', 'c.csv'].map((name) => readFileSync(join(folder, name)));
    expect(a!.equals(b!)).toBe(true);
    expect(a!.equals(c!)).toBe(false);
  });

  test('only gains rows at the end when it gains customers', async () => {
    await write('few.csv', { customers: 100 });
    await write('many.csv', { customers: 300 });
    const few = readFileSync(join(folder, 'few.csv'));
    const many = readFileSync(join(folder, 'many.csv'));
    expect(many.length).toBeGreaterThan(few.length);
    expect(many.subarray(0, few.length).equals(few)).toBe(true);
  });

  test('is the same compressed, over many pieces', async () => {
    const plain = await write('shop.csv', { customers: 8000 });
    const packed = await write('shop.csv.gz', { customers: 8000 });
    const bytes = readFileSync(join(folder, 'shop.csv'));
    expect(bytes.length).toBeGreaterThan(4 * 512 * 1024);
    expect(gunzipSync(readFileSync(join(folder, 'shop.csv.gz'))).equals(bytes)).toBe(true);
    expect({ ...packed, out: '' }).toEqual({ ...plain, out: '' });
  });

  test('has the rows that its summary counts', async () => {
    const summary = await write('shop.csv', { customers: 3000, dirtyShare: 0.002 });
    const rows = rowsOf('shop.csv');
    const seen = new Set<string>();
    const counts = { orders: 0, returns: 0, guestRows: 0, dirtyRows: 0 };
    const dates: string[] = [];
    let cents = 0;
    const odd: Row[] = [];
    for (const row of rows) {
      const { orderId, customerId, date, revenue } = row;
      const isUsable =
        /^202\d-\d\d-\d\d$/.test(date) && date !== '2023-02-31' && /^-?\d+\.\d\d$/.test(revenue);
      if (!isUsable || seen.has(orderId)) {
        counts.dirtyRows++;
        continue;
      }
      seen.add(orderId);
      dates.push(date);
      if (Number(revenue) === 0 || revenue.startsWith('-') !== orderId.startsWith('R')) odd.push(row);
      if (customerId === '') {
        counts.guestRows++;
        continue;
      }
      if (!/^0000\d{4}$/.test(customerId)) odd.push(row);
      if (revenue.startsWith('-')) counts.returns++;
      else counts.orders++;
      cents += Math.round(Number(revenue) * 100);
    }
    expect(odd).toEqual([]);
    dates.sort();
    expect(summary).toMatchObject({ ...counts, customers: 3000, rows: rows.length, netRevenue: cents / 100 });
    expect([summary.firstDate, summary.lastDate]).toEqual([dates[0], dates.at(-1)]);
    expect(summary.firstDate >= '2022-01-01' && summary.lastDate < END).toBe(true);
    expect(new Set(rows.map((row) => row.customerId)).size).toBe(3001);
  });

  test('follows a return to its order', async () => {
    await write('shop.csv', { dirtyShare: 0 });
    const byId = new Map(rowsOf('shop.csv').map((row) => [row.orderId, row]));
    const returns = [...byId.values()].filter((row) => row.orderId.startsWith('R'));
    expect(returns.length).toBeGreaterThan(50);
    for (const row of returns) {
      const order = byId.get(row.orderId.slice(1))!;
      expect(row.customerId).toBe(order.customerId);
      expect(row.date > order.date).toBe(true);
      expect(-Number(row.revenue)).toBeLessThanOrEqual(Number(order.revenue));
    }
    const isFull = returns.filter(
      (row) => -Number(row.revenue) === Number(byId.get(row.orderId.slice(1))!.revenue),
    );
    expect(isFull.length / returns.length).toBeGreaterThan(0.4);
    expect(isFull.length / returns.length).toBeLessThan(0.8);
  });

  test('differs from a clean shop by its dirty rows alone, of all three faults', async () => {
    const clean = await write('clean.csv', { customers: 3000, dirtyShare: 0 });
    const dirty = await write('dirty.csv', { customers: 3000, dirtyShare: 0.01 });
    expect(clean.dirtyRows).toBe(0);
    const wanted = 0.01 * clean.rows;
    expect(Math.abs(dirty.dirtyRows - wanted)).toBeLessThan(4 * Math.sqrt(wanted));
    const cleanLines = linesOf('clean.csv');
    const known = new Set(cleanLines);
    const spoilt = linesOf('dirty.csv').filter((line) => !known.has(line));
    const duplicates = dirty.dirtyRows - spoilt.length;
    expect(Math.abs(duplicates / dirty.dirtyRows - 1 / 3)).toBeLessThan(0.1);
    const badRevenue = spoilt.filter((line) => /,(|NaN|inf|n\/a)$/.test(line));
    const badDate = spoilt.filter((line) => /,(0000-00-00|2023-02-31|unknown|),[\d.]+$/.test(line));
    expect(badRevenue.length).toBeGreaterThan(0);
    expect(badDate.length).toBeGreaterThan(0);
    expect(badRevenue.length + badDate.length).toBe(spoilt.length);
    expect([...new Set(linesOf('dirty.csv'))].filter((line) => known.has(line))).toEqual(cleanLines);
  });

  test('comes with the truth of every customer who bought before the cutoff', async () => {
    const truth = { out: join(folder, 'truth.csv'), cutoff: '2024-07-01', predMonths: 6 };
    const summary = await write('shop.csv', { truth });
    const [header, ...lines] = linesOf('truth.csv');
    expect(header).toBe('customer_id,expected_revenue,is_alive');
    const boughtBefore = new Set(
      rowsOf('shop.csv')
        .filter((row) => row.customerId !== '' && !row.orderId.startsWith('X') && row.date < truth.cutoff)
        .map((row) => row.customerId),
    );
    expect(lines.map((line) => line.split(',')[0])).toEqual([...boughtBefore].sort());
    expect(lines.every((line) => /^\d{8},-?\d+\.\d{6},[01]$/.test(line))).toBe(true);
    expect(lines.some((line) => line.includes(',-0.000000,'))).toBe(false);
    const total = lines.reduce((sum, line) => sum + Number(line.split(',')[1]), 0);
    const aliveCustomers = lines.filter((line) => line.endsWith(',1')).length;
    expect(summary.truth).toMatchObject({ out: truth.out, customers: lines.length, aliveCustomers });
    expect(summary.truth!.expectedRevenue).toBeCloseTo(total, 1);
  });

  test('has the same orders with and without a truth file', async () => {
    await write('plain.csv');
    await write('shop.csv', {
      truth: { out: join(folder, 'truth.csv.gz'), cutoff: '2024-07-01', predMonths: 9 },
    });
    expect(readFileSync(join(folder, 'shop.csv')).equals(readFileSync(join(folder, 'plain.csv')))).toBe(true);
    expect(gunzipSync(readFileSync(join(folder, 'truth.csv.gz'))).length).toBeGreaterThan(1000);
  });

  test('reports its progress up to the last customer', async () => {
    const steps: number[] = [];
    await write('shop.csv', { customers: 6000, onProgress: (done) => steps.push(done) });
    expect(steps.length).toBeGreaterThan(2);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(6000);
  });

  test('is small enough for a demonstration, and long enough for a year and a half year after it', async () => {
    const summary = await writeDemoShop(join(folder, 'orders.csv'), END);
    expect(summary.customers).toBe(3000);
    expect(summary.firstDate < '2022-08-01' && summary.lastDate >= '2024-12-30').toBe(true);
    expect(summary.rows).toBeGreaterThan(20_000);
    expect(summary.rows).toBeLessThan(35_000);
    expect(summary.dirtyRows).toBeGreaterThan(0);
    expect(summary.dirtyRows / summary.rows).toBeLessThan(0.005);
  });
});

describe('a practice shop that cannot be written', () => {
  test.each<[string, Partial<SampleShopOptions>]>([
    ['customers', { customers: 0 }],
    ['customers', { customers: 100_000_000 }],
    ['dirty-share', { dirtyShare: 0.6 }],
    ['out', { out: 'shop.parquet' }],
    ['out', { out: '.csv' }],
    ['change-at', { changeFactor: 2 }],
    ['change-factor', { changeAt: '2024-01-01' }],
    ['truth out', { truth: { out: 'truth.txt', cutoff: '2024-01-01', predMonths: 3 } }],
  ])('is refused for its option %s', async (option, wrong) => {
    const writing = write('shop.csv', wrong);
    await expect(writing).rejects.toThrow(InvalidSampleOptionError);
    await expect(writing).rejects.toThrow(`"${option}"`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('does not overwrite its orders with its truth', async () => {
    const out = join(folder, 'shop.csv');
    const truth = { out: join(folder, '.', 'shop.csv'), cutoff: '2024-01-01', predMonths: 3 };
    await expect(writeSampleShop({ out, end: END, truth })).rejects.toThrow('another file than out');
  });

  test('names the folder that is missing', async () => {
    const writing = write(join('nowhere', 'shop.csv'));
    await expect(writing).rejects.toThrow(SampleNotWrittenError);
    await expect(writing).rejects.toThrow(`the folder ${join(folder, 'nowhere')} does not exist`);
  });

  test('says that the path leads through a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(write(join('file', 'shop.csv'))).rejects.toThrow('is a file, not a folder');
  });

  test('leaves no orders behind when the truth cannot be opened', async () => {
    const truth = { out: join(folder, 'nowhere', 'truth.csv'), cutoff: '2024-01-01', predMonths: 3 };
    await expect(write('shop.csv', { truth })).rejects.toThrow(SampleNotWrittenError);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('leaves the older file alone when it is stopped half-way', async () => {
    writeFileSync(join(folder, 'shop.csv'), 'older');
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('stopped by the operator'));
    const writing = write('shop.csv', { customers: 6000, onProgress, signal: stop.signal });
    await expect(writing).rejects.toThrow('stopped by the operator');
    expect(readdirSync(folder)).toEqual(['shop.csv']);
    expect(readFileSync(join(folder, 'shop.csv'), 'utf8')).toBe('older');
  });

  test('is cleared away by the next writing when its process was killed', async () => {
    const program = `
      import { writeSampleShop } from './dist/src/sample/writeSampleShop.js';
      const onProgress = () => process.kill(process.pid, 'SIGKILL');
      await writeSampleShop({ out: process.argv[1], end: '${END}', customers: 6000, onProgress });
    `;
    const { signal } = spawnSync(process.execPath, [
      '--input-type=module',
      '--eval',
      program,
      join(folder, 'shop.csv'),
    ]);
    expect(signal).toBe('SIGKILL');
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.shop\.csv\..*\.tmp$/)]);
    await write('other.csv');
    expect(readdirSync(folder)).toEqual(['other.csv']);
  });

  test.each(['shop.csv', 'shop.csv.gz'])(
    'leaves nothing of %s behind when there is no room for it',
    (name) => {
      // A limit on the size of files makes a real write fail in the middle, as a full disk does.
      const program = `
      import { writeSampleShop } from './dist/src/sample/writeSampleShop.js';
      const options = { out: process.argv[1], end: '${END}', customers: 20000 };
      await writeSampleShop(options).catch((error) => console.log(JSON.stringify({ ...error, message: error.message })));
    `;
      const command = 'ulimit -f 600; exec "$0" --input-type=module --eval "$1" "$2"';
      const output = execFileSync('bash', ['-c', command, process.execPath, program, join(folder, name)]);
      const error = JSON.parse(output.toString()) as ClvError;
      expect(error.code).toBe('SAMPLE_NOT_WRITTEN');
      expect(error.message).toContain('the file grew beyond the largest size allowed here');
      expect(error.values.systemCode).toBe('EFBIG');
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test.each([
    ['ENOSPC', 'the disk is full'],
    ['EACCES', 'may not be written to'],
    ['EROFS', 'read-only disk'],
    ['EIO', 'i/o error'],
  ])('has a sentence and a remedy for %s', (code, sentence) => {
    const error = new SampleNotWrittenError(
      '/data/shop.csv',
      Object.assign(new Error('i/o error'), { code }),
    );
    expect(error).toBeInstanceOf(ClvError);
    expect(error.message).toContain(sentence);
    expect(error.remedy).toBeTruthy();
  });

  test('does not take the place of a folder', async () => {
    mkdirSync(join(folder, 'shop.csv'));
    await expect(write('shop.csv')).rejects.toThrow('shop.csv is a folder');
    expect(readdirSync(folder)).toEqual(['shop.csv']);
  });
});
