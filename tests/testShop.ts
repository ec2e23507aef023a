import { writeSampleShop } from '../src/sample/writeSampleShop.ts';
import { startTestRedis, type TestRedis } from './redis.ts';
import { type Bench, openBench } from './runOnQueues.ts';
import { makeHome, type TemporaryHome } from './temporaryHome.ts';

/** A home with orders up to the tests' present, its queues, and a Redis of its own. */
export interface TestShop {
  readonly folder: TemporaryHome;
  readonly redis: TestRedis;
  readonly bench: Bench;
  /** Closes the bench and opens another one, so that workers can be started with other threads. */
  reopen(): Promise<Bench>;
  close(): Promise<void>;
}

export interface TestShopSize {
  readonly customers: number;
  readonly trees: number;
  /** A single forest is made in a third of the time that a tournament takes: for tests that ask for a model, whichever it is. */
  readonly engine?: 'tournament' | 'forest';
}

/** Opens a shop of 30 months until 2026-01-01 in `orders.csv`, with small forests. No worker is started. */
export async function openTestShop(size: TestShopSize): Promise<TestShop> {
  const [redis, folder] = await Promise.all([startTestRedis(), makeHome()]);
  await writeTestOrders(folder, size);
  let bench = await openBench(folder.home, redis.url);
  return {
    folder,
    redis,
    get bench() {
      return bench;
    },
    async reopen() {
      await bench.close();
      bench = await openBench(folder.home, redis.url);
      return bench;
    },
    async close() {
      await bench.close();
      await redis.stop();
      await folder.remove();
    },
  };
}

/** Writes such a shop's orders into a home, and its config. */
export async function writeTestOrders(
  folder: TemporaryHome,
  { customers, trees, engine = 'tournament' }: TestShopSize,
): Promise<void> {
  const out = `${folder.home.root}/orders.csv`;
  await writeSampleShop({ out, end: '2026-01-01', customers, months: 30 });
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('trees: 200', `trees: ${trees}`);
  await folder.configure('engine: tournament', `engine: ${engine}`);
}
