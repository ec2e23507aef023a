/**
 * How long purchase models take: `npm run bench:btyd -- 100000 1000000`. One thread. Customers are drawn from BG/NBD
 * and Gamma-Gamma; "days" rounds their times to days, as orders of a shop are, "no two alike" does not.
 */

import { fitBtyd } from '../src/domain/btyd/fitBtyd.ts';
import { predictBtyd } from '../src/domain/btyd/predictBtyd.ts';
import { distinctHistories } from '../src/domain/btyd/purchaseHistories.ts';
import type { BtydSummary } from '../src/domain/btyd/summary.ts';
import { simulateCustomers } from '../tests/unit/btyd/simulateCustomers.ts';

const TRUTH = { r: 0.5, alpha: 6, a: 0.8, b: 2.5, p: 6.25, q: 3.7, v: 15 };

function inDays(summary: BtydSummary): BtydSummary {
  return {
    ...summary,
    recencyWeeks: summary.recencyWeeks.map((weeks) => Math.floor(weeks * 7) / 7),
    ageWeeks: summary.ageWeeks.map((weeks) => Math.ceil(weeks * 7) / 7),
  };
}

function timed<T>(work: () => T): [T, string] {
  const start = performance.now();
  const result = work();
  return [result, `${((performance.now() - start) / 1000).toFixed(2)} s`];
}

const sizes = process.argv.slice(2).map(Number);
for (const customers of sizes.length > 0 ? sizes : [100_000]) {
  const exact = simulateCustomers(customers, TRUTH, 104, 7);
  for (const [kind, summary] of [
    ['days', inDays(exact)],
    ['no two alike', exact],
  ] as const) {
    const histories = distinctHistories(summary).count.length;
    for (const name of ['bg-nbd', 'pareto-nbd'] as const) {
      const [model, fit] = timed(() => fitBtyd(summary, { process: name }));
      const [, prediction] = timed(() => predictBtyd(model, summary, 52));
      console.log(
        `${customers} customers, ${kind} (${histories} different histories), ${name}: fit ${fit} in ${model.purchases.iterations} iterations, prediction ${prediction}`,
      );
    }
  }
}
