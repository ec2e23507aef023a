import type { BtydSummary } from '../../../src/domain/btyd/summary.ts';
import { Random } from '../../../src/domain/random.ts';
import { exponential, gamma } from '../../../src/domain/sample/distributions.ts';

/**
 * A summary from rows of x, t_x, T and, where x > 0, the mean repeat value, and of the value of the first purchase; where
 * it is not said, that of the others, or 10.
 */
export function summaryOf(rows: readonly (readonly number[])[]): BtydSummary {
  const column = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k] ?? Number.NaN);
  return {
    repeatPurchases: column(0),
    recencyWeeks: column(1),
    ageWeeks: column(2),
    meanRepeatValue: column(3),
    firstValue: Float64Array.from(rows, ([x, , , repeat, first = x === 0 ? 10 : repeat]) => first),
  };
}

/** Customers who behave exactly as BG/NBD and Gamma-Gamma say; ages are uniform up to `weeks`. */
export function simulateCustomers(
  customers: number,
  truth: Readonly<Record<'r' | 'alpha' | 'a' | 'b' | 'p' | 'q' | 'v', number>>,
  weeks: number,
  seed: number,
): BtydSummary {
  const random = new Random(seed);
  const rows: number[][] = [];
  for (let i = 0; i < customers; i++) {
    const age = weeks * random.uniform();
    const rate = gamma(random, truth.r) / truth.alpha;
    const leaving = gamma(random, truth.a);
    const dropout = leaving / (leaving + gamma(random, truth.b));
    let x = 0;
    let last = 0;
    for (let isAlive = true; isAlive; isAlive = random.uniform() >= dropout) {
      const next = last + exponential(random) / rate;
      if (!(next <= age)) break;
      last = next;
      x++;
    }
    const scale = gamma(random, truth.q) / truth.v;
    const repeat = x === 0 ? Number.NaN : gamma(random, truth.p * x) / scale / x;
    rows.push([x, last, age, repeat, gamma(random, truth.p) / scale]);
  }
  return summaryOf(rows);
}
